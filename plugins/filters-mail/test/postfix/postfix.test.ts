import { describe, expect, it } from 'vitest';
import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/postfix/index.ts';
import { patterns } from '../../src/postfix/patterns.ts';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  options: { mode: 'aggressive', syslogNames: ['postfix'] },
});

const from = 'unknown[192.0.2.7]';
const login = `warning: ${from}: SASL LOGIN authentication failed: UGFzc3dvcmQ6`;
const refused = `NOQUEUE: reject: RCPT from ${from}: 554 5.7.1 <a@b>: Relay access denied; from=<>`;
const listed = `NOQUEUE: reject: RCPT from ${from}: 554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked`;
const lost = `lost connection after CONNECT from ${from}`;
const errors = `too many errors after RCPT from ${from}`;
const everything = [login, refused, listed, lost, errors];

describe('the modes of postfix', () => {
  it.each([
    ['normal', [refused, errors]],
    ['rbl', [listed]],
    ['errors', [errors]],
    ['auth', [login]],
    ['sasl', [login]],
    ['ddos', [lost]],
    ['more', [refused, listed, errors]],
    ['extra', [login, refused, listed, errors]],
    ['aggressive', everything],
  ] as const)('%s', (mode, counted) => {
    const filter = plugin.create({ options: { mode, syslogNames: ['postfix'] } });
    const line = { program: 'postfix/smtpd', pid: 1 };

    expect(everything.filter((message) => filter.match(message, line))).toEqual(counted);
  });

  it('reads the programs of other instances when it is told their name', () => {
    const filter = plugin.create({ options: { mode: 'more', syslogNames: ['postfix', 'mx-out'] } });

    expect(filter.programs).toEqual(['postfix*', 'mx-out*']);
  });
});
