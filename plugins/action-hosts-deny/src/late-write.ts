/** What somebody wrote into a file after it was replaced under their hands. */
export interface LateWrite {
  /** What the old file held when it was replaced, and holds now. */
  readonly before: string;
  readonly text: string;
  /** What was put in its place. */
  readonly ours: string;
}

/** The text of now with what came too late. */
export function withLateWrite(now: string, { before, text, ours }: LateWrite): string {
  if (text.startsWith(before)) return now + text.slice(before.length);
  // Written anew as a whole. If that was done to the new file too, it is the later one that counts.
  return now === ours ? text : now;
}
