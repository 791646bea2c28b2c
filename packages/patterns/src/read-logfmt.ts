/**
 * The fields of a line of `key=value` and `key="value"`, as go-kit/log and logrus write it. A key that
 * is there twice has no value that is sure: such a line is none.
 */
export function readLogfmt(message: string, fields: readonly string[]): string[] | undefined {
  const found = new Map<string, string>();
  let at = 0;
  while (at < message.length) {
    if (message[at] === ' ') {
      at++;
      continue;
    }
    const equals = behindKey(message, at);
    if (equals < 0) return undefined;
    const key = message.slice(at, equals);
    const value = valueAt(message, equals + 1);
    if (value === undefined || found.has(key)) return undefined;
    found.set(key, value.text);
    at = value.end;
  }
  return found.size === 0 ? undefined : fields.map((field) => found.get(field) ?? '');
}

/** Where the `=` of a key stands; -1 when no key begins at `at`. */
function behindKey(message: string, at: number): number {
  let index = at;
  while (index < message.length && !' ="'.includes(message.charAt(index))) index++;
  return index > at && message[index] === '=' ? index : -1;
}

function valueAt(message: string, at: number): { text: string; end: number } | undefined {
  if (message[at] !== '"') {
    let end = at;
    while (end < message.length && message[end] !== ' ') {
      if (message[end] === '"') return undefined;
      end++;
    }
    return { text: message.slice(at, end), end };
  }
  let text = '';
  for (let index = at + 1; index < message.length; index++) {
    const character = message.charAt(index);
    if (character === '"') return { text, end: index + 1 };
    if (character === '\\') text += escapes[message.charAt(++index)] ?? message.charAt(index);
    else text += character;
  }
  return undefined;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
