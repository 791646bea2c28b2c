import { describe, expect, it } from 'vitest';
import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/exim/index.ts';
import { patterns } from '../../src/exim/patterns.ts';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  options: { mode: 'aggressive' },
});

const login = 'login authenticator failed for (x) [192.0.2.7]: 535 Incorrect authentication data';
const silent = 'no MAIL in SMTP connection from [192.0.2.7] D=10s';
const nameless = 'no host name found for IP address 192.0.2.7';

describe('the modes of exim', () => {
  it.each([
    ['normal', [login]],
    ['more', [login, silent]],
    ['aggressive', [login, silent, nameless]],
  ] as const)('%s', (mode, counted) => {
    const filter = plugin.create({ options: { mode } });
    const line = { program: undefined, pid: undefined };

    const matches = [login, silent, nameless].filter((message) => filter.match(message, line));

    expect(matches).toEqual(counted);
  });
});
