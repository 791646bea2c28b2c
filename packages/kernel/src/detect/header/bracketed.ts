import { CLOSE, indexWithin, isDigit, SPACE } from './characters.ts';
import { parseEpoch } from './epoch.ts';
import type { Header } from './header.ts';
import { parseIso } from './iso.ts';

/** `[1700000000.123] text` and `[2015-04-16 18:02:50] text`. */
export function parseBracketed(text: string, at: number, end: number, header: Header): boolean {
  if (!isDigit(text.charCodeAt(at + 1))) return false;
  const close = indexWithin(text, CLOSE, at, Math.min(end, at + 41));
  if (close < 0) return false;
  if (!parseEpoch(text, at + 1, close, header) && !parseIso(text, at + 1, close, header)) {
    return false;
  }
  if (header.kind !== 'epoch') header.kind = 'plain';
  header.timeEnd = close;
  header.programStart = -1;
  header.messageStart = text.charCodeAt(close + 1) === SPACE ? close + 2 : close + 1;
  return true;
}
