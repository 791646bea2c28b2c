import { parseBracketed } from './bracketed.ts';
import { parseBsd } from './bsd.ts';
import {
  AT,
  GREATER,
  isDigit,
  isUpper,
  LESS,
  LETTER_LOWER_T,
  OPEN,
  OPEN_BRACE,
  SPACE,
} from './characters.ts';
import { parseClf } from './clf.ts';
import { parseBracketedDate, parseDated, parseTai64n } from './dated.ts';
import { parseEpoch } from './epoch.ts';
import { type Header, resetHeader } from './header.ts';
import { parseIso } from './iso.ts';
import { parseJson } from './json.ts';
import { parseLogfmt } from './logfmt.ts';
import { parseRfc5424 } from './rfc5424.ts';
import { parseTag } from './tag.ts';

/** Finds the header of the line that stands at [start, end) of `text`. Never throws. */
export function parseHeader(text: string, start: number, end: number, header: Header): void {
  resetHeader(header, start);
  let at = start;
  let priority = false;
  if (text.charCodeAt(at) === LESS) {
    const after = behindPriority(text, at, end);
    priority = after > at;
    at = after;
  }
  const first = text.charCodeAt(at);
  if (isUpper(first)) {
    if (parseBsd(text, at, end, header) || parseDated(text, at, end, header)) return;
  }
  if (isDigit(first)) {
    if (priority && first === 49 && text.charCodeAt(at + 1) === SPACE) {
      if (parseRfc5424(text, at + 2, end, header)) return;
    }
    if (parseIso(text, at, end, header)) return;
    if (parseEpoch(text, at, end, header)) return;
    if (parseDated(text, at, end, header)) return;
  }
  if (first === OPEN) {
    if (parseBracketed(text, at, end, header)) return;
    if (parseBracketedDate(text, at, end, header)) return;
    resetHeader(header, at);
  }
  if (first === OPEN_BRACE && parseJson(text, at, end, header)) return;
  if (first === LETTER_LOWER_T && parseLogfmt(text, at, end, header)) return;
  if (first === AT && parseTai64n(text, at, end, header)) return;
  // The tag first: behind it stands text that an attacker may shape like an access log.
  if (parseTag(text, at, end, header)) {
    header.kind = 'timeless';
    return;
  }
  resetHeader(header, at);
  parseClf(text, at, end, header);
}

/** `<0>` to `<191>`; returns the offset behind it, or `at` when it is none. */
function behindPriority(text: string, at: number, end: number): number {
  let index = at + 1;
  while (index < end && index < at + 4 && isDigit(text.charCodeAt(index))) index++;
  return index > at + 1 && text.charCodeAt(index) === GREATER ? index + 1 : at;
}
