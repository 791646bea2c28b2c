export type Family = 4 | 6;

/** What a set can hold. */
export interface SetShape {
  readonly name: string;
  readonly hasTimeouts: boolean;
  readonly maxEntries: number;
  /** Whether it holds networks (`hash:net`) or single addresses only (`hash:ip`). */
  readonly ranges: boolean;
}

export interface SetWanted {
  readonly name: string;
  readonly family: Family;
}

/**
 * Reads what `ipset save` and `ipset list` say of a set: its type, and words such as
 * `family inet hashsize 1024 maxelem 65536 timeout 0 comment`.
 * @returns what is wrong with it, where it cannot be used
 */
export function setShape(
  { name, family }: SetWanted,
  type: string,
  header: string,
): SetShape | string {
  if (type !== 'hash:net' && type !== 'hash:ip') return `is of the type ${type}`;
  const words = header.split(' ');
  const after = (word: string) => words[words.indexOf(word) + 1];
  const wanted = family === 4 ? 'inet' : 'inet6';
  if (after('family') !== wanted) return `is of the family ${after('family')}, not ${wanted}`;
  for (const word of ['netmask', 'bitmask']) {
    // It enters another target than the one that it was given, and with it many that are not meant.
    if (words.includes(word)) return `has a ${word} of ${after(word)}`;
  }
  return {
    name,
    hasTimeouts: words.includes('timeout'),
    maxEntries: Number(after('maxelem')),
    ranges: type === 'hash:net',
  };
}
