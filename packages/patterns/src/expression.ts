/**
 * What a template describes. Two things are made of one tree: the regex that matches and the
 * automaton that is reasoned about, so that they cannot disagree.
 */
export type Expression = Literal | Repeat | Sequence | Choice | Capture;

/** Text as it stands, one character per byte. */
export interface Literal {
  readonly kind: 'literal';
  readonly text: string;
}

/** Characters of one set, so many of them. */
export interface Repeat {
  readonly kind: 'repeat';
  /** As between the brackets of a regex: `0-9A-F`, `^ `; `^` alone stands for every character. */
  readonly set: string;
  readonly min: number;
  readonly max: number;
  /** Texts of several characters that it does not hold. */
  readonly without?: readonly string[];
  /** Whether the matcher tries few before many. Faster where short text stands before long. */
  readonly isLazy?: boolean;
}

export interface Sequence {
  readonly kind: 'sequence';
  readonly of: readonly Expression[];
}

/** The first that lets the rest fit; an optional part is a choice between itself and nothing. */
export interface Choice {
  readonly kind: 'choice';
  readonly of: readonly Expression[];
}

/** A named part of the text. */
export interface Capture {
  readonly kind: 'capture';
  readonly name: string;
  /** The name of its type. */
  readonly type: string;
  /** What it is, for people: `an address`. */
  readonly is: string;
  readonly of: Expression;
  /** Behind what is captured and part of the type all the same: the zone of an address. */
  readonly behind?: Expression;
  /** Texts that it must not be; one with `*` at its end is what it must not begin with. */
  readonly except: readonly string[];
}

export const nothing: Sequence = { kind: 'sequence', of: [] };

export function sequence(...of: readonly Expression[]): Expression {
  const [first] = of;
  return of.length === 1 && first ? first : { kind: 'sequence', of };
}
