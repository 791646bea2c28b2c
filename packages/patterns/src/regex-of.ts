import type { Capture, Expression, Repeat } from './expression.ts';

/** The source of a regex, and which of its groups belong to which name. */
export interface RegexSource {
  readonly source: string;
  readonly groups: ReadonlyMap<string, readonly Group[]>;
}

export interface Group {
  /** Its number in the regex. */
  readonly number: number;
  readonly capture: Capture;
}

/**
 * The regex of an expression; only the captures that are named in `wanted` become groups.
 * @param isLoose whether it takes all that the automaton takes, without exceptions
 */
export function regexOf(
  expression: Expression,
  wanted: ReadonlySet<string>,
  isLoose = false,
): RegexSource {
  const groups = new Map<string, Group[]>();
  let count = 0;

  const write = (one: Expression): string => {
    switch (one.kind) {
      case 'literal':
        return escaped(one.text);
      case 'repeat':
        return `${isLoose ? `[${one.set}]` : unit(one)}${times(one.min, one.max)}${one.isLazy ? '?' : ''}`;
      case 'sequence':
        return one.of.map(write).join('');
      case 'choice': {
        const last = one.of.at(-1);
        const isOptional = last?.kind === 'sequence' && last.of.length === 0;
        const choices = isOptional ? one.of.slice(0, -1) : one.of;
        return `(?:${choices.map(write).join('|')})${isOptional ? '?' : ''}`;
      }
      case 'capture': {
        const behind = one.behind ? write(one.behind) : '';
        const not = isLoose ? '' : unless(one);
        if (!wanted.has(one.name)) return `${not}${write(one.of)}${behind}`;
        groups.set(one.name, [...(groups.get(one.name) ?? []), { number: ++count, capture: one }]);
        return `${not}(${write(one.of)})${behind}`;
      }
    }
  };
  return { source: write(expression), groups };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** What is repeated. Looking ahead for a text takes as long as the text is. */
function unit({ set, without }: Repeat): string {
  return without === undefined ? `[${set}]` : `(?:(?!${without.map(escaped).join('|')})[${set}])`;
}

function times(min: number, max: number): string {
  if (max !== Number.POSITIVE_INFINITY) return min === max ? `{${min}}` : `{${min},${max}}`;
  return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
}

/** A look ahead of constant length. */
function unless({ except, of }: Capture): string {
  if (except.length === 0) return '';
  const more = of.kind === 'repeat' ? `(?![${of.set}])` : '';
  const texts = except.map((text) => {
    const isStart = text.endsWith('*');
    const literal = escaped(isStart ? text.slice(0, -1) : text);
    return isStart ? literal : `${literal}${more}`;
  });
  return `(?!${texts.join('|')})`;
}
