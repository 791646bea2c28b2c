import { type Filter, printable } from '@remand/api';
import type { Rule } from '../detect/dispatch.ts';
import type { Header } from '../detect/header/header.ts';
import type { FilterDetails } from './contract.ts';
import { decoded } from './line-text.ts';

/** Why a rule does not get a line, in the order in which detection decides it; null when it does. */
export function notOffered(given: {
  readonly rule: Rule;
  /** The rules that detection found for the header. */
  readonly rules: readonly Rule[];
  readonly text: string;
  readonly header: Header;
}): FilterDetails['notOffered'] {
  const { rule, rules, text, header } = given;
  const { filter } = rule.group;
  if (!rules.includes(rule)) {
    if (header.kind === 'none') {
      return { reason: 'no-header', text: 'the line begins with no header that is known' };
    }
    const { programStart, programEnd } = header;
    const program = decoded(text.slice(Math.max(programStart, 0), Math.max(programEnd, 0)));
    const its = programStart < 0 ? 'the line names none' : `the line is of ${printable(program)}`;
    return { reason: 'other-program', text: `the filter reads ${programs(filter)}; ${its}` };
  }
  if (rule.accepts(text, header.messageStart, text.length)) return null;
  const count = filter.prefixes?.length ?? 0;
  return {
    reason: 'other-beginning',
    text: `the message begins with none of the ${count} beginnings that the filter knows`,
  };
}

function programs({ programs: known = [] }: Filter): string {
  const names = known.slice(0, 5).map((name) => (name === null ? 'none' : printable(name, 40)));
  return `the programs ${names.join(', ')}${known.length > 5 ? ', …' : ''}`;
}
