import type { SourceFeed } from '@remand/api';
import { encodeBookmark, isBefore, type Position } from './bookmark.ts';
import type { Entry } from './read-entry.ts';

export interface HandOverGiven {
  readonly feed: SourceFeed;
  readonly stream: string;
  /** Until where everything has been taken. */
  readonly position: Position;
  readonly live: boolean;
  /** Entries that were too long even to be read. */
  readonly unreadable: number;
  /** For whom those count. */
  readonly everybody: readonly string[];
}

/**
 * Hands entries over, one batch for each set of uses that wants some of them. Each batch but the
 * last says in its bookmark which sets have been served, so that none is served twice after a kill.
 * @returns the place behind them
 */
export async function handOver(
  entries: readonly [Entry, ...Entry[]],
  given: HandOverGiven,
): Promise<Position> {
  const { feed, stream, live, everybody } = given;
  const last = entries.at(-1) ?? entries[0];
  const { cursor, at } = last;
  // What was served ahead of an earlier kill stays known until it has been passed.
  const before = (given.position.ahead ?? []).filter((one) => isBefore(last, one));
  const end: Position = { cursor, at, ...(before.length > 0 && { ahead: before }) };
  const groups = Map.groupBy(
    entries.filter(({ key }) => key !== ''),
    ({ key }) => key,
  );
  const keys = [...groups.keys()];
  let { unreadable } = given;
  for (const [index, key] of keys.entries()) {
    const group = groups.get(key) ?? [];
    const isLast = index === keys.length - 1;
    const ahead = [...before, { cursor, at, keys: keys.slice(0, index + 1) }];
    await feed.push({
      stream,
      uses: group[0]?.uses ?? [],
      ...linesOf(group, unreadable),
      bookmark: encodeBookmark(isLast ? end : { ...given.position, ahead }),
      live,
    });
    unreadable = 0;
  }
  if (keys.length === 0) {
    const bookmark = encodeBookmark(end);
    await feed.push({ stream, uses: everybody, ...linesOf([], unreadable), bookmark, live });
  }
  return end;
}

function linesOf(entries: readonly Entry[], unreadable: number) {
  const lines = entries.flatMap(({ line }) => line ?? []);
  const oversized = entries.length - lines.length + unreadable;
  const text = lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  return { bytes: Buffer.from(text, 'latin1'), ...(oversized > 0 && { oversized }) };
}
