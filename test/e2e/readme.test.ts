import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';

describe('the rc file in the README', () => {
  it('is one that remand takes as it is', async () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const daemon = new Daemon();
    try {
      writeFileSync(daemon.rc, example, { mode: 0o600 });

      const { code, stdout } = await daemon.cli('check');

      expect(example.trim().split('\n').length).toBeLessThanOrEqual(10);
      expect(code).toBe(0);
      expect(stdout).toContain('nftables/sshd');
    } finally {
      await daemon.remove();
    }
  });
});
