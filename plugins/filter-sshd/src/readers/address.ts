const SPACE = 32;
const PERCENT = 37;
const DOT = 46;
const COLON = 58;

/**
 * Whether [start, end) has the shape of an IP address as inet_ntop(3) and getnameinfo(3) write it.
 * The kernel parses what passes; this keeps host names and attackers' words out.
 */
export function isAddress(text: string, start: number, end: number): boolean {
  const length = end - start;
  if (length < 2 || length > 45) return false;
  let dots = 0;
  let colons = 0;
  let letters = 0;
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === DOT) dots++;
    else if (code === COLON) colons++;
    else if (isHexLetter(code)) letters++;
    else if (!isDigit(code)) return false;
  }
  if (colons === 0) return dots === 3 && letters === 0 && length >= 7;
  return colons >= 2 && (text.charCodeAt(end - 1) !== COLON || text.charCodeAt(end - 2) === COLON);
}

/**
 * Reads an address that fills [start, end), without the zone of a link-local one (`fe80::1%eth0`):
 * firewalls take none.
 */
export function addressIn(text: string, start: number, end: number): string | undefined {
  if (isAddress(text, start, end)) return text.slice(start, end);
  // A zone is an interface's name: at most 15 characters on Linux.
  const earliest = Math.max(start, end - 16);
  for (let index = end - 1; index > earliest; index--) {
    if (text.charCodeAt(index) !== PERCENT) continue;
    const isV6 = text.slice(start, index).includes(':') && isAddress(text, start, index);
    return isV6 ? text.slice(start, index) : undefined;
  }
  return undefined;
}

/** Where the word that starts at `start` ends: at a space or at the end of the text. */
export function wordEnd(text: string, start: number): number {
  const space = text.indexOf(' ', start);
  return space < 0 ? text.length : space;
}

/** Where ` port N` begins that ends at `end`, or -1. */
export function portStart(text: string, end: number): number {
  let index = end;
  while (index > end - 5 && isDigit(text.charCodeAt(index - 1))) index--;
  return index < end && text.startsWith(' port ', index - 6) ? index - 6 : -1;
}

/** Where ` port N` ends that begins at `start`, or -1. */
export function portEnd(text: string, start: number): number {
  if (text.charCodeAt(start) !== SPACE || !text.startsWith(' port ', start)) return -1;
  let index = start + 6;
  while (index < start + 11 && isDigit(text.charCodeAt(index))) index++;
  return index > start + 6 ? index : -1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isHexLetter(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 102;
}
