import { type ListedEntry, printedTarget, type Target } from '@remand/api';

/** What `ipset save NAME` printed. */
export interface SavedSet {
  readonly type: string;
  readonly header: string;
  readonly entries: readonly ListedEntry[];
  /** Exceptions from the set (`nomatch`): they are listed among the entries, and block nothing. */
  readonly exceptions: ReadonlySet<Target>;
}

/** A comment is the last of an entry and can hold anything but quotes and line ends. */
export function parseSaved(saved: string): SavedSet | undefined {
  const head = /^create \S+ (\S+) (.*)$/m.exec(saved);
  if (!head) return undefined;
  const [, type = '', header = ''] = head;
  const entries: ListedEntry[] = [];
  const exceptions = new Set<Target>();
  for (const [, printed = '', seconds, nomatch] of saved.matchAll(
    /^add \S+ (\S+)(?: timeout ([0-9]+))?( nomatch)?/gm,
  )) {
    const target = printedTarget(printed);
    const remainingMs = Number(seconds ?? 0) * 1000;
    if (nomatch !== undefined) exceptions.add(target);
    else entries.push({ target, remainingMs: remainingMs === 0 ? null : remainingMs });
  }
  return { type, header, entries, exceptions };
}
