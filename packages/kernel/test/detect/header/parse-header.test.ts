import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Header, hostOf } from '../../../src/detect/header/header.ts';
import { parseHeader } from '../../../src/detect/header/parse-header.ts';
import { programHash } from '../../../src/detect/header/program.ts';

function parse(line: string) {
  // In the middle of a batch, so that a wrong offset shows.
  const text = `before\n${line}\nafter`;
  const header = new Header();
  parseHeader(text, 7, 7 + line.length, header);
  const part = (start: number, end: number) => (start < 0 ? undefined : text.slice(start, end));
  const program = part(header.programStart, header.programEnd);
  if (program !== undefined) expect(header.programHash).toBe(programHash(program));
  return {
    kind: header.kind,
    time: part(header.timeStart, header.timeEnd),
    program,
    pid: header.pidStart < 0 ? undefined : Number.parseInt(text.slice(header.pidStart), 10),
    message: text.slice(header.messageStart, 7 + line.length),
  };
}

describe(hostOf, () => {
  it.each([
    ['Oct 11 22:14:15 web1 app[1]: x', 'web1'],
    ['2026-10-11T22:14:15.003+02:00 web1 app[1]: x', 'web1'],
    ['<38>1 2026-10-11T22:14:15Z web1 app 1234 - - x', 'web1'],
    ['<13>1 - web1 app 1234 - - x', 'web1'],
    ['web1 app[1]: x', 'web1'],
    ['2026-10-11 22:14:15 x', ''],
    ['nothing', ''],
  ])('finds in %j the host %j', (line, host) => {
    const text = `before\n${line}\nafter`;
    const header = new Header();
    parseHeader(text, 7, 7 + line.length, header);

    expect(hostOf(text, header, 7)).toBe(host);
  });
});

describe(parseHeader, () => {
  it('reads a line the same whatever stood before it', () => {
    const time = fc.constantFrom(
      'Oct 11 22:14:15',
      'Oct  1 22:14:15',
      'Oct 11 22:14:16.5',
      'Oct 1',
    );
    const host = fc.constantFrom('web1 ', 'web1', 'web1:2 ', 'web1[3] ', 'fe80::1 ', '', '[web1] ');
    const tag = fc.constantFrom('sshd[9]: ', 'sshd: ', '[sshd]: ', 'sshd ', ':', '', 'a[b c]: ');
    const line = fc
      .tuple(fc.constantFrom('', '<34>'), time, fc.constantFrom(' ', ''), host, tag)
      .map((parts) => `${parts.join('')}text`);
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 6 }), (lines) => {
        const text = lines.join('\n');
        const shared = new Header();
        let start = 0;
        for (const one of lines) {
          const fresh = new Header();
          parseHeader(text, start, start + one.length, shared);
          parseHeader(text, start, start + one.length, fresh);
          const { before: _shared, ...found } = shared;
          const { before: _fresh, ...wanted } = fresh;
          expect(found).toEqual(wanted);
          start += one.length + 1;
        }
      }),
    );
  });

  const t = 'Oct 11 22:14:15';
  it.each([
    [`${t} host sshd[12]: hello`, 'bsd', t, 'sshd', 12, 'hello'],
    ['Oct  1 22:14:15 host sshd[12]: hello', 'bsd', 'Oct  1 22:14:15', 'sshd', 12, 'hello'],
    ['Oct 1 22:14:15 host sshd[12]: hello', 'bsd', 'Oct 1 22:14:15', 'sshd', 12, 'hello'],
    [`<34>${t} host su: text`, 'bsd', t, 'su', undefined, 'text'],
    [`${t}.123 host su: text`, 'bsd', t, 'su', undefined, 'text'],
    [`${t} sshd[12]: no host`, 'bsd', t, 'sshd', 12, 'no host'],
    [`${t} [sshd]: text`, 'bsd', t, 'sshd', undefined, 'text'],
    [`${t} [sshd] text`, 'bsd', t, 'sshd', undefined, 'text'],
    [`${t} [sshd]text`, 'bsd', t, 'sshd', undefined, 'text'],
    [`${t} [] text`, 'bsd', t, undefined, undefined, '[] text'],
    ['[]: text', 'none', undefined, undefined, undefined, '[]: text'],
    [' sshd[12]: text', 'none', undefined, undefined, undefined, ' sshd[12]: text'],
    [`${t} fe80::1 sshd[12]: v6`, 'bsd', t, 'sshd', 12, 'v6'],
    [`${t} host postfix/smtpd[9]: a: b`, 'bsd', t, 'postfix/smtpd', 9, 'a: b'],
    [`${t} host kernel: [1.2] x`, 'bsd', t, 'kernel', undefined, '[1.2] x'],
    [
      `${t} host last message repeated`,
      'bsd',
      t,
      undefined,
      undefined,
      'host last message repeated',
    ],
    [`${t} host sshd[12]:`, 'bsd', t, 'sshd', 12, ''],
    [
      '2003-10-11T22:14:15.003+02:00 host sshd[12]: hi',
      'iso',
      '2003-10-11T22:14:15.003+02:00',
      'sshd',
      12,
      'hi',
    ],
    [
      '2003-10-11 22:14:15,003 INFO x: y',
      'plain',
      '2003-10-11 22:14:15,003'.slice(0, 23),
      undefined,
      undefined,
      'INFO x: y',
    ],
    [
      '<34>1 2003-10-11T22:14:15Z host app 77 ID47 - message',
      'rfc5424',
      '2003-10-11T22:14:15Z',
      'app',
      77,
      'message',
    ],
    [
      '<34>1 2003-10-11T22:14:15Z host app 77 - -  rsyslog’s space',
      'rfc5424',
      '2003-10-11T22:14:15Z',
      'app',
      77,
      'rsyslog’s space',
    ],
    [
      '<34>1 2003-10-11T22:14:15Z host app - - [a b="x]\\"y"][c] message',
      'rfc5424',
      '2003-10-11T22:14:15Z',
      'app',
      Number.NaN,
      'message',
    ],
    ['1700000000.5 text', 'epoch', '1700000000.5', undefined, undefined, 'text'],
    ['[1700000000] text', 'epoch', '1700000000', undefined, undefined, 'text'],
    [
      '2003/10/11 22:14:15 [error] x',
      'dated',
      '2003/10/11 22:14:15',
      undefined,
      undefined,
      '[error] x',
    ],
    ['11-Oct-2003 22:14:15.003 x', 'dated', '11-Oct-2003 22:14:15.003', undefined, undefined, 'x'],
    ['031011  2:14:15 x', 'dated', '031011  2:14:15', undefined, undefined, 'x'],
    ['2003-10-11  2:14:15 x', 'dated', '2003-10-11  2:14:15', undefined, undefined, 'x'],
    ['Sat Oct 11 22:14:15 2003 x', 'dated', 'Sat Oct 11 22:14:15 2003', undefined, undefined, 'x'],
    [
      '[Sat Oct 11 22:14:15.12 2003] [a] x',
      'dated',
      'Sat Oct 11 22:14:15.12 2003',
      undefined,
      undefined,
      '[a] x',
    ],
    [
      '[11-Oct-2003 22:14:15 +0000]: x',
      'dated',
      '11-Oct-2003 22:14:15 +0000',
      undefined,
      undefined,
      'x',
    ],
    ['[Oct 11 22:14:15] a[1]: x', 'bsd', 'Oct 11 22:14:15', undefined, undefined, 'a[1]: x'],
    [
      '@400000006957a4b51dcd6500 sshd: x',
      'dated',
      '@400000006957a4b51dcd6500',
      'sshd',
      undefined,
      'x',
    ],
    [
      '[Sat Oct 11 22:14:15 200',
      'none',
      undefined,
      undefined,
      undefined,
      '[Sat Oct 11 22:14:15 200',
    ],
    ['2003/10/11 22:14:1', 'none', undefined, undefined, undefined, '2003/10/11 22:14:1'],
    [
      'Oct 11 22:14:15 auth(b,192.0.2.1,x:y)<z>: Info: m',
      'bsd',
      'Oct 11 22:14:15',
      undefined,
      undefined,
      'auth(b,192.0.2.1,x:y)<z>: Info: m',
    ],
    ['{"ts":1,"a":"b"}', 'json', '1', undefined, undefined, '{"ts":1,"a":"b"}'],
    [
      '{"a":{"time":"x"},"b":"\\",\\"ts\\":1"}',
      'json',
      undefined,
      undefined,
      undefined,
      '{"a":{"time":"x"},"b":"\\",\\"ts\\":1"}',
    ],
    ['{"a', 'none', undefined, undefined, undefined, '{"a'],
    ['time=2003 a=b', 'logfmt', '2003', undefined, undefined, 'time=2003 a=b'],
    ['time="2003 a=b', 'none', undefined, undefined, undefined, 'time="2003 a=b'],
    ['[2003-10-11 22:14:15] text', 'plain', '2003-10-11 22:14:15', undefined, undefined, 'text'],
    [
      '192.0.2.1 - bob [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1',
      'clf',
      '10/Oct/2000:13:55:36 -0700',
      undefined,
      undefined,
      '192.0.2.1 - bob [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1',
    ],
    ['host sshd[12]: journal', 'timeless', undefined, 'sshd', 12, 'journal'],
    ['sshd[12]: journal', 'timeless', undefined, 'sshd', 12, 'journal'],
    ['just some words', 'none', undefined, undefined, undefined, 'just some words'],
  ])('reads %s', (line, kind, time, program, pid, message) => {
    expect(parse(line)).toEqual({ kind, time, program, pid, message });
  });

  it('is not moved by an access log that somebody writes into a message', () => {
    const line = 'host sshd[12]: Invalid user x [10/Oct/2000:13:55:36 -0700] from 192.0.2.1';

    expect(parse(line)).toMatchObject({ kind: 'timeless', program: 'sshd' });
  });

  it.each([
    '',
    ' ',
    '<',
    '<34>',
    '<34>1 ',
    'Oct',
    'Oct 11 22:14',
    '[',
    '[]',
    '1',
    ':',
    '\0\0',
    '[x',
  ])('takes %j without an error and never reads past its end', (line) => {
    const { message } = parse(line);

    expect(line.endsWith(message)).toBe(true);
  });

  it.each(['some plain words here', '[x', '[1', '<34>1 2', '1 a'])(
    'reads a megabyte of lines like %j without looking past each line',
    (line) => {
      const text = `${line}\n`.repeat((1024 * 1024) / (line.length + 1));
      const header = new Header();
      let looked = 0;
      // Positions are what counts: a search that runs on would make this test run for minutes.
      for (let start = 0; start < text.length; start += line.length + 1) {
        parseHeader(text, start, start + line.length, header);
        looked++;
      }

      expect(looked).toBeGreaterThan(1000);
    },
  );
});
