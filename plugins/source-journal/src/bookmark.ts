import { z } from 'zod';

const cursor = z.string().min(1).max(400);
const at = z.number().int().min(0);

const bookmark = z.object({
  version: z.literal(1),
  cursor: cursor.optional(),
  at,
  ahead: z.array(z.object({ cursor, at, keys: z.array(z.string().max(20)) })).optional(),
});

/**
 * How far a journal was read: the cursor of the last entry, and its time in µs for when that is not
 * in the journal any more. Without a cursor nothing was read before that time. `ahead`: a batch for several uses was under way; up to a later cursor the entries
 * were taken already that the named sets of uses want.
 */
export type Position = Omit<z.infer<typeof bookmark>, 'version'>;

export function encodeBookmark(position: Position): string {
  return JSON.stringify({ version: 1, ...position });
}

/** @returns undefined when the text is no bookmark of ours */
export function decodeBookmark(text: string): Position | undefined {
  try {
    const { version: _version, ...position } = bookmark.parse(JSON.parse(text));
    return position;
  } catch {
    return undefined;
  }
}

/**
 * Whether an entry was read before `position`, though the cursor there is gone: by the number in
 * its sequence (systemd.journal-fields(7), `__CURSOR`), or by its time.
 */
export function isBefore(
  entry: { readonly cursor: string; readonly at: number },
  position: Pick<Position, 'cursor' | 'at'>,
): boolean {
  const [here, there] = [sequenceOf(entry.cursor), sequenceOf(position.cursor ?? '')];
  if (here && there && here.id === there.id) return here.number <= there.number;
  return entry.at <= position.at;
}

function sequenceOf(cursor: string): { readonly id: string; readonly number: bigint } | undefined {
  const parts = /^s=([0-9a-f]{32});i=([0-9a-f]{1,16});/.exec(cursor);
  return parts ? { id: parts[1] ?? '', number: BigInt(`0x${parts[2]}`) } : undefined;
}
