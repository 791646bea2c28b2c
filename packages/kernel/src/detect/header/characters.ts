export const SPACE = 32;
export const DASH = 45;
export const DOT = 46;
export const SLASH = 47;
export const COLON = 58;
export const LESS = 60;
export const GREATER = 62;
export const AT = 64;
export const LETTER_T = 84;
export const OPEN = 91;
export const LETTER_LOWER_T = 116;
export const OPEN_BRACE = 123;
export const CLOSE = 93;

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** Like `indexOf`, but never looks past the line: a batch holds many. -1 when there is none. */
export function indexWithin(text: string, code: number, from: number, end: number): number {
  for (let index = from; index < end; index++) if (text.charCodeAt(index) === code) return index;
  return -1;
}
