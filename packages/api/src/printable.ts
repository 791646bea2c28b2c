/**
 * Makes text from outside safe for a terminal, a log line or a message: control characters, line
 * ends, escape codes, bidirectional marks and lone surrogates become visible escapes, and what is
 * longer than `max` characters is cut with `…`.
 */
export function printable(text: string, max = 200): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  return cut.replace(unsafe, escapeCharacter);
}

// Controls (C0, DEL, C1), line and paragraph separators, bidirectional and zero-width marks,
// byte order mark, tags, lone surrogates.
const unsafe =
  /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0a) return '\\n';
  if (code === 0x0d) return '\\r';
  if (code === 0x09) return '\\t';
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
}
