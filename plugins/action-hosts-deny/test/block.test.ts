import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginMark, endMark, parseDeny, withBans, withoutBlock } from '../src/block.ts';

const place = '/etc/hosts.deny';
const parse = (text: string) => parseDeny(text, 'ALL', place);

/** Whatever bytes, often with those that have a meaning for libwrap or for us. */
const piece = fc.oneof(
  fc.constantFrom('\n', '\r\n', '\\\n', ':', '#', ' ', 'ALL', '\0', '\xef\xbb\xbf', 'remand', '# '),
  fc.constantFrom('ALL: 198.51.100.1\n', '# remand end of story\n', ` ${beginMark}\n`, '\xff\xfe'),
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
);
const outside = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const targets = fc.uniqueArray(
  fc.constantFrom('198.51.100.7', '203.0.113.0/24', '2001:db8::1', '2001:db8:0:1::/64'),
);

describe('the block in a hosts.deny', () => {
  it('leaves every byte outside it as it is, whatever they are', () => {
    fc.assert(
      fc.property(outside, targets, targets, (text, first, second) => {
        const made = withBans(parse(text), first, 'ALL');
        expect(made.endsWith(text)).toBe(true);
        const changed = withBans(parse(made), second, 'ALL');
        expect([...parse(changed).entries.keys()]).toEqual(second);
        expect(withoutBlock(parse(changed))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('stays where the admin moved it', () => {
    fc.assert(
      fc.property(outside, outside, targets, (before, after, bans) => {
        fc.pre(!before.endsWith('\\'));
        const text = `${before}\n${beginMark}\nALL: 198.51.100.9\n${endMark}\n${after}`;
        const changed = withBans(parse(text), bans, 'ALL');
        expect(changed.startsWith(`${before}\n${beginMark}\n`)).toBe(true);
        expect(changed.endsWith(`${endMark}\n${after}`)).toBe(true);
        expect(withoutBlock(parse(changed))).toBe(`${before}\n${after}`);
      }),
      { numRuns: 500 },
    );
  });

  it('comes first, so that a last line without an end and a continued one stay alone', () => {
    const text = 'ALL: 192.0.2.1 \\';

    expect(withBans(parse(text), ['198.51.100.7'], 'sshd, vsftpd')).toBe(
      `${beginMark}\nsshd, vsftpd: 198.51.100.7\n${endMark}\n${text}`,
    );
  });

  it('is read with the line ends of an editor, and without the last one', () => {
    const text = `${beginMark}  \r\nALL: 198.51.100.7\r\nALL: [2001:db8::1]\r\n${endMark}`;

    expect([...parse(text).entries.keys()]).toEqual(['198.51.100.7', '2001:db8::1']);
  });

  it('keeps what others wrote into it, behind the bans and after a flush', () => {
    const lines = ['sshd: .example.org\n', '# a note \\\n', 'ALL: 198.51.100.8\n'];
    const text = `a\n${beginMark}\n${lines.join('')}ALL: 198.51.100.7\n${endMark}\nz`;
    const deny = parse(text);

    expect([...deny.entries.keys()]).toEqual(['198.51.100.7']);
    expect(withBans(deny, ['198.51.100.9'], 'ALL')).toBe(
      `a\n${beginMark}\nALL: 198.51.100.9\n${lines.join('')}${endMark}\nz`,
    );
    expect(withoutBlock(deny)).toBe(`a\n${lines.join('')}z`);
  });

  it('knows which bans name other daemons', () => {
    const text = `${beginMark}\nsshd: 198.51.100.7\nALL: 198.51.100.8\nALL: 198.51.100.7\n${endMark}\n`;

    expect([...parse(text).entries]).toEqual([
      ['198.51.100.7', true],
      ['198.51.100.8', true],
    ]);
    expect([...parseDeny(text, 'sshd', place).entries]).toEqual([
      ['198.51.100.7', true],
      ['198.51.100.8', false],
    ]);
  });

  it.each([
    ['has no end', `a\n${beginMark}\nALL: 198.51.100.7\n`, ':2: the block of remand begins here'],
    ['has no beginning', `a\nb\n${endMark}\n`, ':3: a block of remand ends here that begins'],
    [
      'is there twice',
      `${beginMark}\n${endMark}\n${beginMark}\n${endMark}\n`,
      ':3: a second block of remand begins',
    ],
    [
      'ends twice',
      `${beginMark}\n${endMark}\n${endMark}\n`,
      ':3: the block of remand ends here once',
    ],
    ['ends first', `${endMark}\n${beginMark}\n`, ':1: the block of remand ends here, before'],
    [
      'is run into',
      `ALL: 192.0.2.1 \\\n${beginMark}\n${endMark}\n`,
      ':2: the line before this one',
    ],
  ])('is not touched when it %s', (_what, text, words) => {
    expect(() => parse(text)).toThrow(`${place}${words}`);
  });

  it('takes 100 000 bans in linear time', () => {
    const many = Array.from(
      { length: 100_000 },
      (_, n) => `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`,
    );
    const text = withBans(parse('# mine\n'), many, 'ALL');

    const before = performance.now();
    const deny = parse(text);
    const again = withBans(deny, deny.entries.keys(), 'ALL');

    expect(again).toBe(text);
    expect(deny.entries.size).toBe(100_000);
    // Some hundredths of a second; quadratic it would be minutes.
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
