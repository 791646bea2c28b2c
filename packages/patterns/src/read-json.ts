/** Deeper than this nothing is named. */
const deepest = 8;

/** The fields of a JSON object; a value that is no text, number or truth value is empty. */
export function readJson(message: string, fields: readonly string[]): string[] | undefined {
  if (!message.startsWith('{')) return undefined;
  let object: unknown;
  try {
    object = JSON.parse(message);
  } catch {
    return undefined;
  }
  return fields.map((field) => textOf(valueAt(object, field)));
}

function valueAt(object: unknown, field: string): unknown {
  let value = object;
  for (const key of field.split('.', deepest)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** One character per byte, as all text of a message. */
function textOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return '';
  // What was written as bytes is bytes already; an escape (`\u20ac`) is a character.
  const isBytes = [...value].every((one) => one.charCodeAt(0) < 256);
  return isBytes ? value : Buffer.from(value, 'utf8').toString('latin1');
}
