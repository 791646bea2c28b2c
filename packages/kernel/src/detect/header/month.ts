/** 0 for January; -1 when no month's name stands at `at`. */
export function monthAt(text: string, at: number): number {
  return months.get(keyAt(text, at)) ?? -1;
}

const months = new Map(
  'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'
    .split(' ')
    .map((name, month) => [keyAt(name, 0), month]),
);

/** Three letters of Latin-1 as one number: each is below 256. */
function keyAt(text: string, at: number): number {
  return text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8) | (text.charCodeAt(at + 2) << 16);
}
