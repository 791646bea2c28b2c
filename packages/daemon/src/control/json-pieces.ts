const pieceLength = 64 * 1024;

/**
 * The JSON of `value` in pieces of about 64 Ki characters, so that an answer of a hundred thousand
 * bans is never in memory as one text. Arrays are taken apart to their elements, and objects down
 * to `depth` levels; the joined pieces equal `JSON.stringify(value)`.
 */
export function* jsonPieces(value: unknown, depth = 3): Generator<string> {
  let piece = '';
  for (const token of tokens(value, depth)) {
    piece += token;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function* tokens(value: unknown, depth: number): Generator<string> {
  if (Array.isArray(value) && depth > 0) {
    let before = '[';
    for (const element of value) {
      yield before;
      yield* tokens(element ?? null, depth - 1);
      before = ',';
    }
    yield before === '[' ? '[]' : ']';
  } else if (isPlainObject(value) && depth > 0) {
    let before = '{';
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* tokens(member, depth - 1);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else {
    yield JSON.stringify(value) ?? 'null';
  }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('toJSON' in value);
}
