import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { needsShared, sharedPath } from './needs.ts';
import { isInstalled, programs } from './programs.ts';

describe(isInstalled.name, () => {
  it.each(Object.entries(programs))('knows a package and a reason for %s', (_name, program) => {
    expect(program.package).toMatch(/^[a-z0-9][a-z0-9+.-]+$/);
    expect(program.reason).not.toBe('');
  });
});

needsShared()(sharedPath.name, () => {
  it('leads to the shared folder', () => {
    expect(existsSync(sharedPath('corpus'))).toBe(true);
  });
});
