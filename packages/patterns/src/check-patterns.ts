import { printable } from '@remand/api';
import { Automaton } from './automaton.ts';
import { captureTypes } from './capture-types.ts';
import type { Capture, Expression } from './expression.ts';
import { findSlowLoop } from './find-slow-loop.ts';
import { findTwoReadings, type TwoReadings } from './find-two-readings.ts';
import { parseTemplate } from './parse-template.ts';
import type { PatternEntry, PatternTable } from './pattern-entry.ts';
import { TemplateError } from './template-error.ts';

/** What is wrong with one entry of a table. */
export interface PatternProblem {
  /** Of the entry, counted from 0. */
  readonly index: number;
  readonly key: 'id' | 'template';
  /** Where in the template, counted from 0. */
  readonly offset?: number;
  /** A sentence for the author of the table, with an example line where there is one. */
  readonly message: string;
}

interface Proven {
  readonly entry: PatternEntry;
  readonly index: number;
  readonly expression: Expression;
  readonly automaton: Automaton;
}

/**
 * Proves that every line has one reading and costs linear time. What cannot be proven is a problem:
 * no table with one may be used.
 */
export function checkPatterns(table: PatternTable): readonly PatternProblem[] {
  const problems: PatternProblem[] = [];
  const sound: Proven[] = [];
  const ids = new Set<string>();
  for (const [index, entry] of table.patterns.entries()) {
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(entry.id)) {
      const message = `"${printable(entry.id, 60)}" is no name of a pattern: wanted a-z, 0-9 and "-", up to 40`;
      problems.push({ index, key: 'id', message });
    } else if (ids.has(entry.id)) {
      problems.push({ index, key: 'id', message: `another pattern is called "${entry.id}" too` });
    }
    ids.add(entry.id);
    try {
      const expression = parseTemplate(entry.template, table.parts);
      checkAddress(expression, entry.tells);
      const automaton = new Automaton(expression);
      checkSpeed(automaton);
      checkReadings(expression, automaton);
      sound.push({ entry, index, expression, automaton });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const { offset, message } = error;
      const place = offset < 0 ? {} : { offset };
      problems.push({ index, key: 'template', ...place, message: printable(message, 600) });
    }
  }
  return [...problems, ...overlaps(sound)];
}

function checkAddress(expression: Expression, tells: PatternEntry['tells']): void {
  const { fewest, most } = addressesIn(expression);
  if (tells === 'offence' || tells === 'end') {
    if (most === 0) return;
    throw new TemplateError(-1, `what tells only "${tells}" has no {address}; leave tells away`);
  }
  if (fewest === 1 && most === 1) return;
  const often = most === 0 ? 'no reading' : fewest === 0 ? 'not every reading' : 'a reading';
  const has = most > 1 && fewest > 0 ? 'has more than one {address}' : 'has an {address}';
  throw new TemplateError(-1, `${often} of the template ${has}; wanted exactly one in each`);
}

function addressesIn(expression: Expression): { fewest: number; most: number } {
  switch (expression.kind) {
    case 'literal':
    case 'repeat':
      return { fewest: 0, most: 0 };
    case 'capture':
      return addressesInCapture(expression);
    case 'sequence':
      return expression.of
        .map(addressesIn)
        .reduce((sum, one) => ({ fewest: sum.fewest + one.fewest, most: sum.most + one.most }), {
          fewest: 0,
          most: 0,
        });
    case 'choice': {
      const each = expression.of.map(addressesIn);
      return {
        fewest: Math.min(...each.map(({ fewest }) => fewest)),
        most: Math.max(...each.map(({ most }) => most)),
      };
    }
  }
}

function addressesInCapture({ name, type }: Capture): { fewest: number; most: number } {
  if (name !== 'address') return { fewest: 0, most: 0 };
  if (type !== 'address' && type !== 'address4' && type !== 'scoped-address') {
    throw new TemplateError(
      -1,
      `the capture "address" is the one that is blamed: wanted {address}, {address:address4} or {address:scoped-address}, not ${captureTypes[type]?.is ?? type}`,
    );
  }
  return { fewest: 1, most: 1 };
}

function checkSpeed(automaton: Automaton): void {
  const slow = findSlowLoop(automaton);
  if (!slow) return;
  throw new TemplateError(
    -1,
    `the time for it grows faster than the line: ${slow.first} and, behind it, ${slow.second} can share out the same characters; say what the first does not hold: {name:text without "…"}, or make it {name:word}`,
  );
}

function checkReadings(expression: Expression, automaton: Automaton): void {
  if (!findTwoReadings(automaton, automaton)) return;
  const found = readableExample(expression, expression) ?? findTwoReadings(automaton, automaton);
  if (!found) return;
  const { line, addresses } = found;
  throw new TemplateError(
    -1,
    `it has two readings: in ${JSON.stringify(line)} the address may be ${addresses[0]} or ${addresses[1]}; bound the free text before it by what it does not hold ({name:text without "…"}), or by words of the service's own`,
  );
}

/** Pairs of entries that take the same line and blame different addresses in it. */
function overlaps(sound: readonly Proven[]): readonly PatternProblem[] {
  const problems: PatternProblem[] = [];
  for (const [number, one] of sound.entries()) {
    for (const other of sound.slice(number + 1)) {
      if (!shareProgram(one.entry, other.entry)) continue;
      if (!hasAddress(one.entry) || !hasAddress(other.entry)) continue;
      let proof: TwoReadings | undefined;
      try {
        proof = findTwoReadings(one.automaton, other.automaton);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        problems.push({ index: other.index, key: 'template', message: error.message });
      }
      if (!proof) continue;
      const found = readableExample(one.expression, other.expression) ?? proof;
      const [first, second] = found.addresses;
      problems.push({
        index: other.index,
        key: 'template',
        message: printable(
          `the line ${JSON.stringify(found.line)} is also one of "${one.entry.id}", which blames ${first} where this blames ${second}`,
          600,
        ),
      });
    }
  }
  return problems;
}

function hasAddress({ tells = 'address' }: PatternEntry): boolean {
  return tells === 'address' || tells === 'address-at-end';
}

function shareProgram(one: PatternEntry, other: PatternEntry): boolean {
  if (!one.programs || !other.programs) return true;
  return one.programs.some((program) => other.programs?.some((its) => overlap(program, its)));
}

/** Whether a program may be meant by both; each may end with `*`. */
function overlap(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  if (other.endsWith('*') && !one.endsWith('*')) return overlap(other, one);
  if (!one.endsWith('*')) return one === other;
  const beginning = one.slice(0, -1);
  const its = other.replace(/\*$/, '');
  return its.startsWith(beginning) || (other.endsWith('*') && beginning.startsWith(its));
}

const example4: Expression = { kind: 'literal', text: '192.0.2.1' };
const example6: Expression = { kind: 'literal', text: '2001:db8::1' };

/** The same question for addresses that a reader knows for what they are. */
function readableExample(one: Expression, other: Expression): TwoReadings | undefined {
  const plain = (expression: Expression) => new Automaton(withExamples(expression));
  const found = findTwoReadings(plain(one), plain(other));
  if (!found || found.addresses[0] !== found.addresses[1]) return found;
  const [address] = found.addresses;
  // Any other address fits as well.
  const another = address.includes(':') ? '2001:db8::3' : '203.0.113.3';
  return { line: found.line.replace(address, another), addresses: [another, address] };
}

function withExamples(expression: Expression): Expression {
  switch (expression.kind) {
    case 'sequence':
    case 'choice':
      return { ...expression, of: expression.of.map(withExamples) };
    case 'capture':
      if (!expression.type.endsWith('address')) return expression;
      return { ...expression, of: expression.behind ? example6 : example4 };
    default:
      return expression;
  }
}
