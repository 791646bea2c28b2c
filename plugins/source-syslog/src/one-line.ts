const newline = 10;
const carriageReturn = 13;
const hash = 35;

/**
 * A message as one line without its end. What stands behind it (line ends, the zero of some
 * senders) is taken off; a line end or a zero inside is written `#012`, as rsyslog does, so that no
 * message makes a line of its own. The bytes may be those of `message`.
 */
export function oneLine(message: Buffer): Buffer {
  let end = message.length;
  while (end > 0 && breaks(message[end - 1])) end--;
  const text = message.subarray(0, end);
  if (!text.some(breaks)) return text;
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < end; at++) {
    const byte = text[at] ?? 0;
    if (!breaks(byte)) continue;
    parts.push(text.subarray(from, at), escaped(byte));
    from = at + 1;
  }
  return Buffer.concat([...parts, text.subarray(from)]);
}

function breaks(byte: number | undefined): boolean {
  return byte === newline || byte === carriageReturn || byte === 0;
}

function escaped(byte: number): Buffer {
  const digits = byte.toString(8).padStart(3, '0');
  return Buffer.concat([Buffer.of(hash), Buffer.from(digits, 'latin1')]);
}
