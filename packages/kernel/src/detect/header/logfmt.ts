import { SPACE } from './characters.ts';
import type { Header } from './header.ts';

const QUOTE = 34;
const keys = ['time=', 'ts=', 't='];

/** A line that begins with the time as a field (`time="2026-11-25T10:00:00Z" level=…`), offered whole. */
export function parseLogfmt(text: string, at: number, end: number, header: Header): boolean {
  const key = keys.find((one) => text.startsWith(one, at));
  if (key === undefined) return false;
  const isQuoted = text.charCodeAt(at + key.length) === QUOTE;
  const start = at + key.length + (isQuoted ? 1 : 0);
  const stop = isQuoted ? QUOTE : SPACE;
  let index = start;
  while (index < end && index < start + 60 && text.charCodeAt(index) !== stop) index++;
  if (index === start || text.charCodeAt(index) !== stop) return false;
  header.kind = 'logfmt';
  header.timeStart = start;
  header.timeEnd = index;
  header.messageStart = at;
  return true;
}
