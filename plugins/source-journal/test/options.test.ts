import { describe, expect, it } from 'vitest';
import { journalOptions } from '../src/options.ts';

describe('journalOptions', () => {
  it.each([
    {},
    { identifiers: ['sshd'], units: ['ssh'], matches: ['_UID=0', 'X=a=b'] },
    { directory: '/var/log/journal' },
    { files: ['/var/log/journal/*/system.journal'] },
    { namespace: 'mail' },
  ])('takes %j', (options) => {
    expect(journalOptions.safeParse(options).success).toBe(true);
  });

  it.each([
    { matches: ['+'] },
    { matches: ['--directory=/tmp'] },
    { matches: ['_UID'] },
    { matches: ['_UID=0\nX=1'] },
    { identifiers: [] },
    { directory: 'journal' },
    { files: ['a\0'] },
    { namespace: 'a b' },
    { namespace: 'a', directory: '/b' },
    { unit: 'ssh' },
  ])('refuses %j', (options) => {
    expect(journalOptions.safeParse(options).success).toBe(false);
  });
});
