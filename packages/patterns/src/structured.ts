import type { Filter, LineInfo, PatternTrial } from '@remand/api';
import type { PatternTable } from './pattern-entry.ts';
import { type FilterGiven, PatternSet, type PatternSetOptions } from './pattern-set.ts';
import { prove } from './prove.ts';
import { readJson } from './read-json.ts';
import { readLogfmt } from './read-logfmt.ts';

/** How a service writes structures, one a line. */
export type StructureFormat = 'json' | 'logfmt';

/** Which fields of a structure templates see. */
export interface Structure {
  readonly format: StructureFormat;
  /** In JSON a field of an object in an object is named `request.remote_ip`. */
  readonly fields: readonly string[];
}

/** What stands between two fields; no field holds one. */
const separator = '|';

/**
 * A structured message as templates see it: the values of the fields, in the order in which they are
 * named, with `|` between them. A field that is missing is empty. What a value holds of line breaks
 * and of `|` becomes a space, so that nobody can write a field of his own.
 * @returns undefined for a message that is no structure of the format
 */
export function fieldsOf(message: string, { format, fields }: Structure): string | undefined {
  const read = format === 'json' ? readJson : readLogfmt;
  const values = read(message, fields);
  return values?.map((value) => value.replace(/[\n\r|]/g, ' ')).join(separator);
}

/**
 * The patterns of a table as a filter of structures: its templates are made for `fieldsOf`.
 * @throws TemplateError for a table that is not proven: see `checkPatterns`
 */
export function structuredFilter(
  table: PatternTable,
  structure: Structure,
  given: PatternSetOptions & FilterGiven = {},
): Filter {
  if (!given.isProven) prove(table);
  const set = new PatternSet(table, given);
  const { programs } = given;
  return {
    ...(programs && { programs }),
    ...(structure.format === 'json' && { prefixes: ['{'] }),
    match: (message, line) => {
      const text = fieldsOf(message, structure);
      return text === undefined ? undefined : set.match(text, line.program);
    },
    ...(set.hasPieces && {
      converse: (message: string, line: LineInfo) => {
        const text = fieldsOf(message, structure);
        return text === undefined ? undefined : set.converse(text, line);
      },
    }),
    explain: (message, line) => {
      const text = fieldsOf(message, structure);
      if (text === undefined) return table.patterns.map(({ id }) => noStructure(id, structure));
      // Where a field stands in the message nobody wants to know: the trial is about its fields.
      return set
        .explain(text, line.program)
        .map((trial) => ({ ...trial, reached: trial.matched ? message.length : 0 }));
    },
  };
}

function noStructure(pattern: string, { format }: Structure): PatternTrial {
  return { pattern, matched: false, reached: 0, wanted: `an object in ${format}` };
}
