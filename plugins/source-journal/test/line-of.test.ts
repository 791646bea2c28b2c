import { describe, expect, it } from 'vitest';
import { lineOf } from '../src/line-of.ts';

const at = 1_800_000_000_123_456;
const time = '2027-01-15T08:00:00.123456Z';

describe(lineOf.name, () => {
  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['a plain entry', { MESSAGE: 'hello' }, `${time} host sshd[7]: hello`],
    ['an empty message', { MESSAGE: '' }, `${time} host sshd[7]: `],
    ['no message', { MESSAGE: undefined }, undefined],
    ['a message that was too long to print', { MESSAGE: null }, undefined],
    ['bytes', { MESSAGE: [104, 105, 255, 10] }, `${time} host sshd[7]: hi\xff`],
    ['text beyond ASCII', { MESSAGE: 'ü' }, `${time} host sshd[7]: \xc3\xbc`],
    ['a line break', { MESSAGE: 'a\nb\r\nc\n' }, `${time} host sshd[7]: a#012b#015#012c`],
    ['a zero', { MESSAGE: [97, 0, 98] }, `${time} host sshd[7]: a#000b`],
    ['a repeated field', { MESSAGE: ['a', [98]] }, `${time} host sshd[7]: a#012b`],
    [
      'a program with a header in it',
      { SYSLOG_IDENTIFIER: 'x sshd[1]: y' },
      `${time} host x_sshd_1___y[7]: hello`,
    ],
    ['no program', { SYSLOG_IDENTIFIER: undefined, _COMM: 'cron' }, `${time} host cron[7]: hello`],
    [
      'nobody',
      { SYSLOG_IDENTIFIER: '', MESSAGE: 'sshd[1]: x' },
      `${time} host unknown[7]: sshd[1]: x`,
    ],
    ['no pid', { _PID: undefined }, `${time} host sshd: hello`],
    ['a pid of the sender', { _PID: undefined, SYSLOG_PID: '9' }, `${time} host sshd[9]: hello`],
    ['a pid that is none', { _PID: '1]: x' }, `${time} host sshd: hello`],
    [
      'a host with a header in it',
      { _HOSTNAME: 'a sshd[1]: b' },
      `${time} a_sshd_1___b sshd[7]: hello`,
    ],
  ])('makes a line of %s', (_what, fields, line) => {
    const entry = { _HOSTNAME: 'host', SYSLOG_IDENTIFIER: 'sshd', _PID: '7', MESSAGE: 'hello' };

    expect(lineOf({ ...entry, ...fields }, at)).toBe(line);
  });

  it('keeps a tag so short that it is read as one', () => {
    const line = lineOf(
      { _HOSTNAME: 'h'.repeat(300), SYSLOG_IDENTIFIER: 'p'.repeat(300), MESSAGE: '' },
      at,
    );

    expect(line).toBe(`${time} ${'h'.repeat(60)} ${'p'.repeat(60)}: `);
  });

  it('writes the time of every entry', () => {
    const seconds = [0, 1, 1, 0].map((offset) =>
      lineOf({ MESSAGE: '' }, at + offset * 1e6)?.slice(17, 26),
    );

    expect(seconds).toEqual(['00.123456', '01.123456', '01.123456', '00.123456']);
  });
});
