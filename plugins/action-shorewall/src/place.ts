import type { Change, ListedEntry, RunOptions, Target } from '@remand/api';

/** Where shorewall keeps the entries of one family, as it was when it was looked for. */
export interface Place {
  readonly maxTimeoutMs: number;
  readonly maxEntries?: number;
  /** Changes with what is in the place. */
  readonly signature: string;
  list(run: RunOptions): Promise<readonly ListedEntry[]>;
  /** Returns why targets were refused. Afterwards `signature` says what is in the place. */
  apply(changes: readonly Change[], run: RunOptions): Promise<ReadonlyMap<Target, string>>;
}

export const noneRefused: ReadonlyMap<Target, string> = new Map();
