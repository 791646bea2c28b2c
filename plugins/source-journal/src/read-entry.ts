import { createHash } from 'node:crypto';
import { lineOf } from './line-of.ts';
import type { Fields, Selection } from './selection.ts';

/** One entry of the journal. */
export interface Entry {
  readonly cursor: string;
  /** In µs since the epoch. */
  readonly at: number;
  /** Which uses want it; the same for the same uses, over restarts. Empty for none. */
  readonly key: string;
  readonly uses: readonly string[];
  /** As `lineOf` makes it; undefined for one that is too long. */
  readonly line: string | undefined;
}

/** One wish: who wants what. */
export interface Wanted {
  readonly id: string;
  readonly selection: Selection;
}

/** What is always asked for, besides the fields that selections look at. */
export const shownFields: readonly string[] = [
  'MESSAGE',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  '_COMM',
  '_HOSTNAME',
  '_PID',
];

/** The cursor and the time of a line of `journalctl -o json`; undefined when it is none. */
export function placeIn(
  text: string,
): { readonly cursor: string; readonly at: number; readonly fields: Fields } | undefined {
  let fields: Fields;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  const cursor = fields?.__CURSOR;
  const at = Number(fields?.__REALTIME_TIMESTAMP);
  if (typeof cursor !== 'string' || !Number.isSafeInteger(at) || at < 0) return undefined;
  return { cursor, at, fields };
}

/**
 * Reads a line of `journalctl -o json`.
 * @returns undefined for one that cannot be read: journalctl's output is cut at 1 MiB
 */
export function readEntry(
  text: string,
  wanted: readonly Wanted[],
  maxLineBytes: number,
): Entry | undefined {
  const found = placeIn(text);
  if (!found) return undefined;
  const { cursor, at, fields } = found;
  const who = wanted.filter(({ selection }) => selection.accepts(fields));
  // An entry without any message is nothing that a filter could look at.
  const takers = 'MESSAGE' in fields ? who : [];
  const line = takers.length > 0 ? lineOf(fields, at) : undefined;
  return {
    cursor,
    at,
    key: keyOf(takers),
    uses: takers.map(({ id }) => id),
    line: line === undefined || line.length > maxLineBytes ? undefined : line,
  };
}

function keyOf(takers: readonly Wanted[]): string {
  const [first, ...others] = takers;
  if (!first || others.length === 0) return first?.selection.key ?? '';
  const all = takers
    .map(({ selection }) => selection.key)
    .sort()
    .join('.');
  const known = joined.get(all);
  if (known !== undefined) return known;
  const key = createHash('sha256').update(all).digest('hex').slice(0, 8);
  joined.set(all, key);
  return key;
}

/** As many as there are sets of uses that want the same entry. */
const joined = new Map<string, string>();
