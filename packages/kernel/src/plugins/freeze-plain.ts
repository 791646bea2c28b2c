/**
 * Freezes arrays and plain objects all the way down and returns what it was given, so that a plugin
 * that writes into it throws where it does. Instances of classes are left as they are.
 */
export function freezePlain<T>(value: T): T {
  if (!isPlain(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freezePlain(inner);
  return value;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
