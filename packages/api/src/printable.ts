/**
 * Makes text from outside safe for a terminal, a log line or a message: control characters, line
 * ends, escape codes, bidirectional marks and lone surrogates become visible escapes, and what is
 * longer than `max` characters is cut with `…`.
 */
export function printable(text: string, max = 200): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  return cut.replace(unsafe, escapeCharacter);
}

// Controls (C0, DEL, C1), what is invisible or turns the direction of text (format characters: zero
// width, bidirectional, byte order mark, soft hyphen, tags), line and paragraph separators, lone
// surrogates.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u2065]|[\u{e0000}-\u{e007f}]/gu;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0a) return '\\n';
  if (code === 0x0d) return '\\r';
  if (code === 0x09) return '\\t';
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
}
