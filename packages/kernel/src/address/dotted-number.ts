/** What `dottedNumber` says of text that is no dotted quad: no 32-bit number. */
export const notDotted = 2 ** 32;

const DOT = 46;
const ZERO = 48;

/**
 * The 32 bits of `a.b.c.d` as a signed number. Strict, as `parseRange` is: four decimal parts up
 * to 255 without leading zeros, and nothing else. Each text has a number of its own, so it can
 * stand for the text.
 */
export function dottedNumber(text: string): number {
  const { length } = text;
  if (length < 7 || length > 15) return notDotted;
  let number = 0;
  let part = 0;
  let digits = 0;
  let parts = 1;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      if (digits === 0) return notDotted;
      number = (number << 8) | part;
      part = 0;
      digits = 0;
      parts++;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return notDotted;
    part = part * 10 + digit;
    digits++;
    if (part > 255) return notDotted;
  }
  return parts === 4 && digits > 0 ? (number << 8) | part : notDotted;
}
