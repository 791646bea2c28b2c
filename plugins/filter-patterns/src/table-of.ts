import type { PatternEntry, PatternTable } from '@remand/patterns';

/** A filter as it stands in an rc file, before its samples. */
export interface WrittenTable {
  readonly parts?: Readonly<Record<string, string>> | undefined;
  readonly patterns: readonly (string | WrittenEntry)[];
}

export interface WrittenEntry {
  readonly id?: string | undefined;
  readonly template: string;
  readonly tells?: PatternEntry['tells'] | undefined;
  readonly versions?: string | undefined;
  readonly programs?: readonly string[] | undefined;
}

export function tableOf({ parts = {}, patterns }: WrittenTable): PatternTable {
  return { parts, patterns: patterns.map(entryOf) };
}

function entryOf(written: string | WrittenEntry, index: number): PatternEntry {
  const standIn = `pattern-${index + 1}`;
  if (typeof written === 'string') return { id: standIn, template: written };
  const { id = standIn, template, tells, versions, programs } = written;
  return {
    id,
    template,
    ...(tells !== undefined && { tells }),
    ...(versions !== undefined && { versions }),
    ...(programs !== undefined && { programs }),
  };
}
