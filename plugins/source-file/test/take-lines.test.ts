import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutBlock, keepLines } from '../src/take-lines.ts';

const maxLineBytes = 8;

function take(text: string, skipping = false) {
  const bytes = Buffer.from(text);
  const block = { start: 0, end: bytes.length, skipping, maxLineBytes };
  const cut = cutBlock(bytes, block);
  const kept = keepLines(bytes, { ...block, end: cut.linesEnd });
  return {
    lines: bytes.toString('latin1', kept.start, kept.end),
    oversized: kept.oversized + (cut.newlyLong ? 1 : 0),
    end: cut.end,
    skipping: cut.skipping,
  };
}

describe(cutBlock.name, () => {
  it.each([
    ['whole lines', 'ab\ncd\n', { lines: 'ab\ncd\n', oversized: 0, end: 6, skipping: false }],
    ['a rest', 'ab\ncd', { lines: 'ab\n', oversized: 0, end: 3, skipping: false }],
    ['no line yet', 'abcd', { lines: '', oversized: 0, end: 0, skipping: false }],
    ['nothing', '', { lines: '', oversized: 0, end: 0, skipping: false }],
    [
      'the longest line',
      '12345678\n',
      { lines: '12345678\n', oversized: 0, end: 9, skipping: false },
    ],
    [
      'the longest with a return',
      '12345678\r\n',
      { lines: '12345678\r\n', oversized: 0, end: 10, skipping: false },
    ],
    ['one byte more', '123456789\n', { lines: '', oversized: 1, end: 10, skipping: false }],
    [
      'one more with a return',
      '123456789\r\n',
      { lines: '', oversized: 1, end: 11, skipping: false },
    ],
    [
      'a long one between',
      'a\n123456789\nb\n',
      { lines: 'a\nb\n', oversized: 1, end: 14, skipping: false },
    ],
    [
      'a rest that is too long',
      'a\n1234567890',
      { lines: 'a\n', oversized: 1, end: 12, skipping: true },
    ],
    [
      'a rest that may still fit',
      'a\n12345678\r',
      { lines: 'a\n', oversized: 0, end: 2, skipping: false },
    ],
  ])('takes %s', (_what, text, wanted) => {
    expect(take(text)).toEqual(wanted);
  });

  it.each([
    [
      'goes on while there is no newline',
      'xxxx',
      { lines: '', oversized: 0, end: 4, skipping: true },
    ],
    [
      'ends with the newline',
      'xxxx\nab\n',
      { lines: 'ab\n', oversized: 0, end: 8, skipping: false },
    ],
    ['ends with the newline alone', '\n', { lines: '', oversized: 0, end: 1, skipping: false }],
    ['can be followed by a rest', 'xx\nab', { lines: '', oversized: 0, end: 3, skipping: false }],
  ])('skips: it %s', (_what, text, wanted) => {
    expect(take(text, true)).toEqual(wanted);
  });

  it('passes on the same lines wherever blocks are cut', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', '\r'), maxLength: 20 });
    const lines = fc.array(line, { maxLength: 12 });
    const sizes = fc.array(fc.integer({ min: 11, max: 40 }), { minLength: 60, maxLength: 60 });

    fc.assert(
      fc.property(lines, sizes, (all, blocks) => {
        const text = all.map((one) => `${one}\n`).join('');
        let [offset, skipping, passed, oversized] = [0, false, '', 0];
        for (const size of blocks) {
          const taken = take(text.slice(offset, offset + size), skipping);
          passed += taken.lines;
          oversized += taken.oversized;
          offset += taken.end;
          skipping = taken.skipping;
        }

        const fits = (one: string) => one.replace(/\r$/, '').length <= maxLineBytes;
        expect(offset).toBe(text.length);
        expect(passed).toBe(
          all
            .filter(fits)
            .map((one) => `${one}\n`)
            .join(''),
        );
        expect(oversized).toBe(all.filter((one) => !fits(one)).length);
      }),
      { numRuns: 2_000 },
    );
  });
});
