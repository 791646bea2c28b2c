import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/notifications.md'), 'utf8');
const examples = Array.from(
  guide.matchAll(/```yaml\n(version: 1\n[\s\S]*?)```/g),
  ([, text = '']) => text,
).filter((text) => /\b(?:email|webhook):/.test(text));

describe('the guide to mail and webhooks', () => {
  let daemon: Daemon;
  beforeEach(() => {
    daemon = new Daemon();
  });
  afterEach(() => daemon.remove());

  it('has examples of every way', () => expect(examples.length).toBeGreaterThanOrEqual(7));

  it.each(examples.map((_, index) => index))('gives an rc without a mistake: %i', async (index) => {
    writeFileSync(daemon.rc, examples[index] ?? '', { mode: 0o600 });

    const check = await daemon.cli('check', '--json');

    expect(JSON.parse(check.stdout).problems).toEqual([]);
    expect(check.code).toBe(0);
  });

  it('leads nobody to a password that check shows', async () => {
    const login = '{ user: me, password: hunter2, passwordFile: /etc/remand/password }';
    writeFileSync(
      daemon.rc,
      (examples[0] ?? '').replace('port: 25', `auth: ${login}, headers: { Key: hunter2 }`),
      { mode: 0o600 },
    );

    const plain = await daemon.cli('check');
    const json = await daemon.cli('check', '--json');

    expect(plain.code).toBe(2);
    expect(plain.stdout + plain.stderr).toContain('Unrecognized key: "password"');
    expect(plain.stdout + plain.stderr + json.stdout + json.stderr).not.toContain('hunter2');
  });
});
