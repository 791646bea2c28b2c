/**
 * Makes room in a map whose oldest entries stand first: a sixteenth of `cap` at once. A map walks
 * over the holes that deletions left at its front, so dropping one at a time would cost a walk each.
 * @returns how many were dropped
 */
export function dropOldest(map: Map<string, unknown>, cap: number): number {
  const count = Math.max(1, cap >> 4);
  let dropped = 0;
  for (const key of map.keys()) {
    if (dropped === count) break;
    map.delete(key);
    dropped++;
  }
  return dropped;
}
