const firstMs = 1_000;
const longestMs = 300_000;

/**
 * How long to wait after so many failures in a row: doubling from a second to five minutes, less
 * up to a quarter, so that notifiers that fail together do not come back together. The jitter is
 * derived, not drawn: a replay waits as long.
 */
export function backOffMs(name: string, failures: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(full * (1 - hash(`${name}/${failures}`) / 4));
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) with a final mix, as a number in [0, 1). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return ((value ^ (value >>> 13)) >>> 0) / 2 ** 32;
}
