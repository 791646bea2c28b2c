/** One pattern of a filter, as `@remand/patterns` has it. */
export interface PatternRow {
  readonly id: string;
  readonly template: string;
  readonly versions?: string;
  readonly mode?: string;
  readonly tells?: 'address' | 'offence' | 'end' | 'address-at-end';
  readonly programs?: readonly (string | null)[];
}

export interface PatternRows {
  readonly parts?: Readonly<Record<string, string>>;
  readonly patterns: readonly PatternRow[];
}

/** A Markdown list of the patterns of a filter with an example each, and of the parts they share. */
export function patternTable(
  { parts = {}, patterns }: PatternRows,
  exampleOf: (row: PatternRow) => string,
): string {
  const hasModes = patterns.some(({ mode }) => mode !== undefined);
  const rows = patterns.map((row) =>
    [
      `**${row.id}**${hasModes ? ` (mode ${row.mode})` : ''}${row.versions === undefined ? '' : `: ${row.versions}`}${programsIn(row)}${toldBy(row)}\n`,
      fenced(row.template),
      fenced(exampleOf(row)),
    ].join('\n'),
  );
  const named = Object.entries(parts).map(([name, part]) => `${name}: ${part}`);
  const shared = named.length === 0 ? [] : [`Shared parts:\n\n${fenced(named.join('\n'))}`];
  return [...rows, ...shared].join('\n\n');
}

function programsIn({ programs }: PatternRow): string {
  if (programs === undefined) return '';
  const names = programs.map((name) => (name === null ? 'none' : `\`${name}\``));
  return `; programs: ${names.join(', ')}`;
}

/** What a line that is no match by itself adds to its conversation. */
function toldBy({ tells }: PatternRow): string {
  if (tells === undefined) return '';
  const what = {
    ...{ address: 'whom it is with', offence: 'an offence', end: 'its end' },
    'address-at-end': 'whom it was with, at its end',
  };
  return `; tells of a conversation: ${what[tells]}`;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
