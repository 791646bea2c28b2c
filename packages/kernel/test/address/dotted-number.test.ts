import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dottedNumber, notDotted } from '../../src/address/dotted-number.ts';
import { parseRange } from '../../src/address/parse-target.ts';

describe(dottedNumber, () => {
  it.each([
    ['0.0.0.0', 0],
    ['1.2.3.4', 0x01020304],
    ['127.255.255.255', 0x7fffffff],
    ['128.0.0.0', -(2 ** 31)],
    ['255.255.255.255', -1],
  ])('reads %s', (text, number) => {
    expect(dottedNumber(text)).toBe(number);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.04',
    '1.2.3.00',
    '1..3.4',
    '.1.2.3.4',
    '1.2.3.4.',
    '1.2.3.256',
    '1.2.3.1234',
    '1.2.3.4 ',
    '1.2.3.-4',
    '1.2.3.a',
    '::1.2.3.4',
  ])('refuses "%s"', (text) => {
    expect(dottedNumber(text)).toBe(notDotted);
  });

  it('takes exactly the v4 addresses that parseRange takes, each for its bytes', () => {
    const piece = fc.oneof(
      fc.nat({ max: 300 }).map(String),
      fc.constantFrom('.', '0', '00', '/', 'a', ''),
    );
    const text = fc.oneof(
      fc.ipV4(),
      fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join('')),
      fc
        .array(fc.nat({ max: 300 }).map(String), { minLength: 3, maxLength: 5 })
        .map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const range = given.includes('/') ? undefined : parseRange(given);
        const bytes = range?.family === 4 ? range.bytes : undefined;
        const [a = 0, b = 0, c = 0, d = 0] = bytes ?? [];
        const wanted = bytes ? (a << 24) | (b << 16) | (c << 8) | d : notDotted;
        expect(dottedNumber(given)).toBe(wanted);
      }),
    );
  });
});
