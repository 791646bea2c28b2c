import { FakeClock } from '@remand/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AllowList, isSender } from '../src/allow-list.ts';
import { Frames } from '../src/frames.ts';
import { parseListenAddress } from '../src/listen-address.ts';
import { oneLine } from '../src/one-line.ts';
import { syslogOptions } from '../src/options.ts';
import { Senders } from '../src/senders.ts';

const text = (parts: readonly Buffer[]) => parts.map((part) => part.toString('latin1'));

describe(Frames.name, () => {
  it.each([
    ['lines', 'one\ntwo\nthr', ['one', 'two']],
    [
      'lines that begin with digits',
      '2027-01-15T08:00:00Z a\n12:00 b\n',
      ['2027-01-15T08:00:00Z a', '12:00 b'],
    ],
    ['octet counting', '5 <1>ab3 <1>', ['<1>ab', '<1>']],
    ['a line end inside', '7 <1>a\nbc4 <1>d', ['<1>a\nbc', '<1>d']],
    ['both by turns', '4 <1>a<1>b\n4 <1>c', ['<1>a', '<1>b', '<1>c']],
    ['a length that is not whole', '1', []],
    ['a number that is no length', '0 a\n', ['0 a']],
    ['empty lines', '\n\na\n', ['', '', 'a']],
  ])('reads %s', (_what, sent, messages) => {
    expect(text(new Frames(100).add(Buffer.from(sent)))).toEqual(messages);
  });

  it('reads the same however it is cut', () => {
    const message = fc
      .string({ minLength: 1, maxLength: 30 })
      .map((one) => Buffer.from(`<1>${one}`));
    const frame = fc.tuple(message, fc.boolean()).map(([bytes, counted]) => {
      const plain = bytes.filter((byte) => byte !== 10);
      return counted
        ? { sent: Buffer.concat([Buffer.from(`${bytes.length} `), bytes]), bytes }
        : { sent: Buffer.concat([plain, Buffer.from('\n')]), bytes: Buffer.from(plain) };
    });
    fc.assert(
      fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 20 })), (all, cuts) => {
        const sent = Buffer.concat(all.map((one) => one.sent));
        const frames = new Frames(1_000);
        const read: Buffer[] = [];
        let at = 0;
        for (const cut of [...cuts, sent.length]) {
          read.push(...frames.add(sent.subarray(at, at + cut)));
          at += cut;
        }
        expect(text(read)).toEqual(text(all.map(({ bytes }) => bytes)));
      }),
    );
  });

  it('counts what is too long, keeps nothing of it, and reads on behind it', () => {
    const frames = new Frames(10);
    const read: Buffer[] = [];

    for (const chunk of [
      '<1>',
      'x'.repeat(50),
      'x'.repeat(50),
      '\n<1>a\n',
      '100 <1>',
      'y'.repeat(97),
      '<1>b\n',
    ]) {
      read.push(...frames.add(Buffer.from(chunk)));
      expect(frames.waiting).toBeLessThanOrEqual(11);
    }

    expect(text(read)).toEqual(['<1>a', '<1>b']);
    expect(frames.oversized).toBe(2);
  });

  it('takes a last line without its end, but no counted message that was cut', () => {
    const lines = new Frames(100);
    lines.add(Buffer.from('<1>a'));
    expect(lines.end()?.toString()).toBe('<1>a');

    const counted = new Frames(100);
    counted.add(Buffer.from('10 <1>a'));
    expect(counted.end()).toBeUndefined();
  });
});

describe(oneLine.name, () => {
  it.each([
    ['<1>plain', '<1>plain'],
    ['<1>end\n\0\r\n', '<1>end'],
    ['<1>a\nsshd[1]: b\r\nc\0d', '<1>a#012sshd[1]: b#015#012c#000d'],
    ['\n\n', ''],
    ['\xff', '\xff'],
  ])('makes one line of %j', (message, line) => {
    expect(oneLine(Buffer.from(message, 'latin1')).toString('latin1')).toBe(line);
  });
});

describe(AllowList.name, () => {
  const list = new AllowList(['127.0.0.0/8', '192.0.2.7', '2001:db8::/32']);

  it.each([
    ['127.0.0.1', true],
    ['192.0.2.7', true],
    ['::ffff:192.0.2.7', true],
    ['192.0.2.8', false],
    ['::ffff:192.0.2.8', false],
    ['2001:db8:1::5', true],
    ['2001:db8:1::5%eth0', true],
    ['2001:db9::5', false],
    ['', false],
    ['rubbish', false],
  ])('judges %s', (address, allowed) => {
    expect(list.allows(address)).toBe(allowed);
  });

  it.each(['192.0.2.0/33', '192.0.2', 'example.org', '', '2001:db8::/129', '::1/-1'])(
    'is given no "%s"',
    (entry) => {
      expect(isSender(entry)).toBe(false);
    },
  );
});

describe(parseListenAddress.name, () => {
  it.each<[string | number, object | undefined]>([
    [514, { host: '127.0.0.1', port: 514 }],
    ['6514', { host: '127.0.0.1', port: 6514 }],
    ['0.0.0.0:514', { host: '0.0.0.0', port: 514 }],
    ['[::]:514', { host: '::', port: 514 }],
    ['[192.0.2.1]:514', undefined],
    ['::1:514', undefined],
    ['localhost:514', undefined],
    [0, undefined],
    [70_000, undefined],
  ])('reads %j', (written, address) => {
    expect(parseListenAddress(written)).toEqual(address);
  });
});

describe(Senders.name, () => {
  it('lets an address send a second’s worth at once, and then as much as it earns', () => {
    const clock = new FakeClock();
    const senders = new Senders(clock, 1_000);

    expect(senders.spend('a', 1_000)).toBe(0);
    expect(senders.spend('a', 500)).toBe(500);
    expect(senders.spend('b', 1_000)).toBe(0);
    clock.advance(1_500);
    expect(senders.spend('a', 1_000)).toBe(0);
  });

  it('remembers so many and no more', () => {
    const senders = new Senders(new FakeClock(), 1_000);

    for (let count = 0; count < 10_000; count++) senders.spend(String(count), 1);

    expect(senders.size).toBeLessThan(5_000);
  });
});

describe('syslogOptions', () => {
  it.each([
    { udp: 514 },
    { tcp: '0.0.0.0:514', from: ['192.0.2.0/24'] },
    { unix: '/run/remand/log', unixMode: '0666' },
  ])('takes %j', (options) => {
    expect(syslogOptions.safeParse(options).success).toBe(true);
  });

  it.each([
    [{}, 'one of udp, tcp and unix'],
    [{ udp: '0.0.0.0:514' }, 'is needed, since udp listens for other machines'],
    [{ tcp: '[::]:514' }, 'is needed, since tcp listens'],
    [{ udp: 514, from: [] }, ''],
    [{ udp: 514, from: ['example.org'] }, "such as '192.0.2.0/24'"],
    [{ unix: 'log' }, 'absolute path'],
    [{ unix: `/${'x'.repeat(200)}` }, 'at most 107'],
    [{ udp: 514, unixMode: '0777' }, ''],
  ])('refuses %j', (options, words) => {
    const result = syslogOptions.safeParse(options);

    expect(result.error?.issues.map(({ message }) => message).join()).toContain(words);
  });
});
