import { isIPv6 } from 'node:net';
import type { Match, PatternTrial, Piece } from '@remand/api';
import { Automaton } from './automaton.ts';
import { v4 } from './capture-types.ts';
import { explainException } from './explain-exception.ts';
import { explainPattern, type Stopped } from './explain-pattern.ts';
import type { Expression } from './expression.ts';
import { parseTemplate } from './parse-template.ts';
import type { PatternEntry } from './pattern-entry.ts';
import { prefixesOf } from './prefixes-of.ts';
import { type Group, regexOf } from './regex-of.ts';

/** Values that a capture must not have for a line to match, by the name of the capture. */
export type Exceptions = Readonly<Record<string, readonly string[]>>;

export interface PatternGiven {
  readonly entry: PatternEntry;
  readonly parts?: Readonly<Record<string, string>> | undefined;
  readonly except?: Exceptions | undefined;
}

/** One entry, ready to match. */
export class Pattern {
  readonly entry: PatternEntry;
  readonly expression: Expression;
  readonly regex: RegExp;
  /** Literals one of which a message begins with; undefined: none is known. */
  readonly prefixes: readonly string[] | undefined;
  /** Groups that hold a v4 address if they hold anything. */
  readonly #address4: readonly number[];
  readonly #address: readonly number[];
  readonly #user: readonly number[];
  readonly #forwarded: readonly number[];
  readonly #conversation: readonly number[];
  readonly #excepted: readonly {
    readonly name: string;
    readonly groups: readonly number[];
    readonly values: ReadonlySet<string>;
  }[];
  #automaton: Automaton | undefined;

  /** @throws TemplateError */
  constructor({ entry, parts, except = {} }: PatternGiven) {
    this.entry = entry;
    this.expression = parseTemplate(entry.template, parts);
    const names = Object.keys(except);
    const { source, groups } = regexOf(
      this.expression,
      new Set(['address', 'user', 'forwarded', 'conversation', ...names]),
    );
    this.regex = new RegExp(`${source}$`, 'y');
    this.prefixes = prefixesOf(this.expression);
    const isV4 = ({ capture }: Group): boolean => capture.of === v4;
    const addresses = groups.get('address') ?? [];
    this.#address4 = addresses.filter(isV4).map(numberOf);
    this.#address = addresses.filter((group) => !isV4(group)).map(numberOf);
    this.#user = groups.get('user')?.map(numberOf) ?? [];
    this.#forwarded = groups.get('forwarded')?.map(numberOf) ?? [];
    this.#conversation = groups.get('conversation')?.map(numberOf) ?? [];
    this.#excepted = names.map((name) => ({
      name,
      groups: groups.get(name)?.map(numberOf) ?? [],
      values: new Set(except[name]?.map((text) => Buffer.from(text, 'utf8').toString('latin1'))),
    }));
  }

  /** Made when it is asked for: matching does without. */
  get automaton(): Automaton {
    this.#automaton ??= new Automaton(this.expression);
    return this.#automaton;
  }

  /** Whether lines of this program are meant. */
  isFor(program: string | undefined): boolean {
    const { programs } = this.entry;
    return programs === undefined || programs.some((one) => isOfProgram(one, program));
  }

  /** Reads the message from `start` to its end. */
  match(message: string, start: number): Match | undefined {
    this.regex.lastIndex = start;
    const found = this.regex.exec(message);
    if (found === null) return undefined;
    let address = groupOf(found, this.#address4);
    if (address === undefined) {
      address = groupOf(found, this.#address);
      if (address === undefined || !isSound(address)) return undefined;
    }
    if (this.#excepted.length > 0 && this.#exceptionIn(found)) return undefined;
    const user = groupOf(found, this.#user);
    const forwardedFor = groupOf(found, this.#forwarded);
    if (user === undefined && forwardedFor === undefined) return { address };
    return {
      address,
      ...(user !== undefined && { user }),
      ...(forwardedFor !== undefined && { forwardedFor }),
    };
  }

  /** Reads what the message tells of a conversation. */
  piece(message: string, start: number, pid: number | undefined): Piece | undefined {
    const { tells } = this.entry;
    this.regex.lastIndex = start;
    const found = this.regex.exec(message);
    const conversation = (found && groupOf(found, this.#conversation)) ?? pid?.toString();
    if (found === null || conversation === undefined) return undefined;
    if (this.#excepted.length > 0 && this.#exceptionIn(found)) return undefined;
    const address = groupOf(found, this.#address4) ?? groupOf(found, this.#address);
    if (address !== undefined && !isSound(address)) return undefined;
    const user = groupOf(found, this.#user);
    return {
      conversation,
      ...(address !== undefined && { address }),
      ...(user !== undefined && { user }),
      ...(tells === 'offence' && { offence: true }),
      ...((tells === 'end' || tells === 'address-at-end') && { ends: true }),
    };
  }

  /** How far it gets with the message. */
  explain(message: string, start: number, program: string | undefined): PatternTrial {
    const pattern = this.entry.id;
    if (!this.isFor(program)) {
      return { pattern, matched: false, reached: 0, wanted: programsInWords(this.entry) };
    }
    if (this.match(message, start)) return { pattern, matched: true, reached: message.length };
    const stopped =
      explainPattern(this.automaton, message, start) ??
      this.#exceptedAt(message, start) ??
      explainException(this.expression, message, start);
    return { pattern, matched: false, ...stopped };
  }

  /** Where a value stands that the options except, or what is no address after all. */
  #exceptedAt(message: string, start: number): Stopped | undefined {
    this.regex.lastIndex = start;
    const found = this.regex.exec(message);
    if (found === null) return undefined;
    const { name, text } = this.#exceptionIn(found) ?? {};
    if (text !== undefined) {
      const wanted = `a ${name} that the option except does not name`;
      return { reached: Math.max(start, message.indexOf(text, start)), wanted };
    }
    const address = groupOf(found, this.#address) ?? '';
    return { reached: Math.max(start, message.lastIndexOf(address)), wanted: 'an address' };
  }

  #exceptionIn(found: RegExpExecArray): { name: string; text: string } | undefined {
    for (const { name, groups, values } of this.#excepted) {
      const text = groupOf(found, groups);
      if (text !== undefined && values.has(text)) return { name, text };
    }
    return undefined;
  }
}

/** Whether a program is one that was named; a name that ends with a star stands for all that begin so. */
export function isOfProgram(said: string | null, program: string | undefined): boolean {
  if (said === null || program === undefined) return said === null && program === undefined;
  return said.endsWith('*') ? program.startsWith(said.slice(0, -1)) : program === said;
}

function groupOf(found: RegExpExecArray, groups: readonly number[]): string | undefined {
  for (const group of groups) {
    const text = found[group];
    if (text !== undefined) return text;
  }
  return undefined;
}

function numberOf({ number }: Group): number {
  return number;
}

/** The pattern takes more than v6 addresses for one; v4 is checked by the kernel. */
function isSound(address: string): boolean {
  return !address.includes(':') || isIPv6(address);
}

function programsInWords({ programs = [] }: PatternEntry): string {
  return programs.map((name) => (name === null ? 'no program' : `"${name}"`)).join(' or ');
}
