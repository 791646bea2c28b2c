import { type Match, type PatternTrial, printable } from '@remand/api';
import {
  checkPatterns,
  fieldsOf,
  PatternSet,
  type PatternTable,
  type Structure,
  stopOf,
} from '@remand/patterns';
import { compileRegex } from './compile-regex.ts';
import { messageOf, type SampleMessage } from './message-of.ts';
import { RegexSet } from './regex-set.ts';
import { tableOf, type WrittenTable } from './table-of.ts';

export interface WrittenFilter extends WrittenTable {
  readonly programs?: readonly string[] | undefined;
  readonly structure?: Structure | undefined;
  readonly except?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly samples?: WrittenSamples | undefined;
  readonly regexes: readonly string[];
}

interface WrittenSamples {
  readonly match: readonly WrittenSample[];
  readonly noMatch: readonly string[];
}

interface WrittenSample {
  readonly line: string | readonly string[];
  readonly address: string;
  readonly user?: string | undefined;
  readonly pattern?: string | undefined;
}

/** A mistake, and where in the options it is. */
export interface OptionProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

export function regexProblems(regexes: readonly string[]): readonly OptionProblem[] {
  return regexes.flatMap((source, index) => {
    try {
      compileRegex(source);
      return [];
    } catch (error) {
      const message = printable(error instanceof Error ? error.message : String(error), 300);
      return [{ path: ['regexes', index], message }];
    }
  });
}

/** What is wrong with a filter beyond its form: its templates, then what it makes of its samples. */
export function problemsOf(written: WrittenFilter): readonly OptionProblem[] {
  if (written.patterns.length + written.regexes.length === 0) {
    return [{ path: ['patterns'], message: 'at least one pattern, or one of regexes' }];
  }
  const table = tableOf(written);
  const wrong = checkPatterns(table).map(({ index, key, offset, message }) => {
    const isText = typeof written.patterns[index] === 'string';
    const place = offset === undefined ? '' : `at character ${offset + 1}: `;
    return {
      path: ['patterns', index, ...(isText ? [] : [key])],
      message: place + message,
    };
  });
  if (wrong.length > 0) return wrong;
  return [...unknownExceptions(written), ...sampleProblems(written, table)];
}

function unknownExceptions({ except = {}, patterns, parts = {} }: WrittenFilter) {
  const all = [...patterns.map((one) => (typeof one === 'string' ? one : one.template))];
  const written = [...all, ...Object.values(parts)];
  return Object.keys(except)
    .filter((name) => !written.some((template) => template.includes(`{${name}`)))
    .map((name) => ({
      path: ['except', name],
      message: `no template has a capture {${printable(name, 60)}:…}`,
    }));
}

function sampleProblems(written: WrittenFilter, table: PatternTable): readonly OptionProblem[] {
  const { samples, except = {}, programs, structure } = written;
  const set = new PatternSet(table, { except });
  const regexes = new RegexSet(written.regexes);
  const read = (line: string | readonly string[]) => {
    const messages = [line].flat().map((one) => messageOf(one, programs ?? []));
    const of = readSample({ set, structure }, messages, programs?.[0]);
    return of.found ? of : { ...of, ...readByRegex(regexes, messages.at(-1)) };
  };
  const problems: OptionProblem[] = [];
  for (const [index, sample] of (samples?.match ?? []).entries()) {
    const of = read(sample.line);
    const { found, trials } = of;
    const say = (key: string, message: string) =>
      problems.push({ path: ['samples', 'match', index, key], message });
    const user = found?.user === undefined ? undefined : decoded(found.user);
    if (found === undefined) {
      say('line', `it is no match${whyNot(of, sample.pattern, programs)}`);
    } else if (found.address !== sample.address) {
      say('address', `it blames ${found.address}`);
    } else if (sample.user !== undefined && user !== sample.user) {
      say('user', `its user is ${user === undefined ? 'unknown' : JSON.stringify(user)}`);
    } else {
      const pattern = trials.find(({ matched }) => matched)?.pattern;
      if (sample.pattern !== undefined && sample.pattern !== pattern) {
        say('pattern', `it is taken by ${pattern}`);
      }
    }
  }
  for (const [index, line] of (samples?.noMatch ?? []).entries()) {
    const { found, trials } = read(line);
    if (found === undefined) continue;
    const pattern = trials.find(({ matched }) => matched)?.pattern;
    const path = ['samples', 'noMatch', index];
    problems.push({ path, message: `it is a match: ${pattern} blames ${found.address}` });
  }
  regexes.close();
  return problems;
}

function whyNot(
  { trials, text, stranger }: ReadSample,
  wanted: string | undefined,
  programs: readonly string[] = [],
): string {
  if (stranger !== undefined) {
    return `: the line is of ${printable(stranger, 60)}, the filter reads ${programs.join(', ')}`;
  }
  const furthest = trials.toSorted((one, other) => other.reached - one.reached)[0];
  const best = trials.find(({ pattern }) => pattern === wanted) ?? furthest;
  if (best === undefined) return '';
  const there = text.charAt(best.reached);
  const hint = `; a template has "${there}" of the line as "\\${there}"`;
  return `: ${stopOf(best)}${/[()[\]{}|]/.test(there) ? hint : ''}`;
}

function readByRegex(regexes: RegexSet, last: SampleMessage | undefined) {
  if (last === undefined || last.stranger !== undefined) return undefined;
  try {
    const found = regexes.match(last.message);
    return found && { found, trials: regexes.explain(last.message) };
  } catch {
    // Over its budget: no match, as it would be for a line.
    return undefined;
  }
}

interface ReadSample {
  readonly found: Match | undefined;
  readonly trials: readonly PatternTrial[];
  /** Of the last line, what templates see. */
  readonly text: string;
  /** The program of the last line, if the filter does not read it. */
  readonly stranger: string | undefined;
}

/** Reads a line, or the lines of a conversation up to the last. */
function readSample(
  { set, structure }: { readonly set: PatternSet; readonly structure: Structure | undefined },
  messages: readonly SampleMessage[],
  usual: string | undefined,
): ReadSample {
  const known: { address?: string; user?: string; offence?: boolean } = {};
  let found: Match | undefined;
  let trials: readonly PatternTrial[] = [];
  let text = '';
  for (const { message, program = usual, stranger } of messages) {
    found = undefined;
    if (stranger !== undefined) continue;
    text = structure ? (fieldsOf(message, structure) ?? '') : message;
    trials = set.explain(text, program);
    found = set.match(text, program);
    if (found !== undefined) continue;
    const { address, user, offence } = set.converse(text, { program, pid: 1 }) ?? {};
    if (address !== undefined) known.address = address;
    if (user !== undefined) known.user = user;
    if (offence) known.offence = true;
    const isNews = address !== undefined || offence === true;
    if (isNews && known.offence && known.address !== undefined) {
      found = { address: known.address, ...(known.user !== undefined && { user: known.user }) };
    }
  }
  return { found, trials, text, stranger: messages.at(-1)?.stranger };
}

function decoded(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
