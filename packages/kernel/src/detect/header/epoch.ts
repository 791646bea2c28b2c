import { DOT, isDigit, SPACE } from './characters.ts';
import type { Header } from './header.ts';

/** Ten digits of seconds, optionally a fraction, then a space. */
export function parseEpoch(text: string, at: number, end: number, header: Header): boolean {
  let index = at;
  while (index < end && index < at + 11 && isDigit(text.charCodeAt(index))) index++;
  if (index - at !== 10) return false;
  if (text.charCodeAt(index) === DOT) {
    index++;
    while (index < end && isDigit(text.charCodeAt(index))) index++;
  }
  if (index < end && text.charCodeAt(index) !== SPACE) return false;
  header.kind = 'epoch';
  header.timeStart = at;
  header.timeEnd = index;
  header.messageStart = Math.min(index + 1, end);
  return true;
}
