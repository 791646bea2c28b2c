import type { PatternTrial } from '@remand/api';
import type { Shape } from './shapes/shape.ts';
import type { Inner } from './unwrap.ts';

/** How far one shape gets with the words of a message that has `length` characters. */
export function tryShape(
  { name, prefix, read }: Shape,
  { text, start, before }: Inner,
  length: number,
): PatternTrial {
  const inCommon = commonLength(prefix, text, start);
  let reached = before + start + inCommon;
  let wanted = inCommon < prefix.length ? `"${prefix}"` : 'the rest of the message';
  if (inCommon === prefix.length) {
    const match = read(text, start + prefix.length, (at, what) => {
      reached = before + at;
      wanted = what;
      return undefined;
    });
    if (match) return { pattern: name, matched: true, reached: length };
  }
  return { pattern: name, matched: false, reached, wanted };
}

function commonLength(prefix: string, text: string, start: number): number {
  let length = 0;
  while (length < prefix.length && prefix[length] === text[start + length]) length++;
  return length;
}
