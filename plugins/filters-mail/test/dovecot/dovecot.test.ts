import { describe, expect, it } from 'vitest';
import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/dovecot/index.ts';
import { patterns } from '../../src/dovecot/patterns.ts';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  options: { mode: 'aggressive' },
});

describe('the modes of dovecot', () => {
  const failed = 'imap-login: Disconnected (auth failed, 1 attempts): user=<x>, rip=192.0.2.7';
  const silent = 'imap-login: Disconnected (no auth attempts in 4 secs): user=<>, rip=192.0.2.7';

  it.each([
    ['normal', [failed]],
    ['aggressive', [failed, silent]],
  ] as const)('%s', (mode, counted) => {
    const filter = plugin.create({ options: { mode } });
    const line = { program: 'dovecot', pid: 1 };

    expect([failed, silent].filter((message) => filter.match(message, line))).toEqual(counted);
  });
});
