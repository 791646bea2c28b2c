import { type Expression, nothing, type Repeat, sequence } from './expression.ts';

/** What stands in the braces of a template, behind the colon. */
export interface CaptureType {
  /** What it is, for people. */
  readonly is: string;
  readonly of: Expression;
  /** What it may be instead, with something behind it that is not captured. */
  readonly or?: { readonly of: Expression; readonly behind: Expression };
  /** Free text, that may be told what it does not hold: `without ":"`. */
  readonly isFree?: boolean;
}

const repeat = (set: string, min: number, max: number): Repeat => ({
  kind: 'repeat',
  set,
  min,
  max,
});
const text = (literal: string): Expression => ({ kind: 'literal', text: literal });

const hex = '0-9A-Fa-f';
const octet = repeat('0-9', 1, 3);
/** What this takes needs no further look: the kernel refuses an octet above 255. */
export const v4 = sequence(octet, text('.'), octet, text('.'), octet, text('.'), octet);
/**
 * Wider than what RFC 4291 allows; what passes is parsed before it counts. It ends like one, so that
 * a colon behind an address is never taken for a part of it.
 */
const v6: Expression = {
  kind: 'choice',
  of: [
    sequence(
      repeat(hex, 0, 4),
      text(':'),
      repeat(hex, 0, 4),
      text(':'),
      repeat(`${hex}:.`, 0, 34),
      repeat(hex, 1, 1),
    ),
    sequence(repeat(`${hex}:`, 0, 34), repeat(hex, 1, 1), text('::')),
    text('::'),
  ],
};
const address: Expression = { kind: 'choice', of: [v4, v6] };
/** The name of an interface: at most 15 characters on Linux. */
const zone = sequence(text('%'), repeat('0-9A-Za-z._-', 1, 15));

/** The types of captures, by name. */
export const captureTypes: Readonly<Record<string, CaptureType>> = {
  address: { is: 'an address', of: address },
  address4: { is: 'an IPv4 address', of: v4 },
  'scoped-address': {
    is: 'an address',
    of: v4,
    or: { of: v6, behind: { kind: 'choice', of: [zone, nothing] } },
  },
  number: { is: 'a number', of: repeat('0-9', 1, 10) },
  port: { is: 'a port', of: repeat('0-9', 1, 5) },
  word: { is: 'a word', of: repeat('^ ', 1, Number.POSITIVE_INFINITY), isFree: true },
  space: { is: 'a space', of: repeat(' ', 1, 24) },
  host: { is: 'the name of a host', of: repeat('0-9A-Za-z._:-', 1, 255) },
  text: {
    is: 'text',
    of: { ...repeat('^', 0, Number.POSITIVE_INFINITY), isLazy: true },
    isFree: true,
  },
  rest: { is: 'the rest', of: repeat('^', 0, Number.POSITIVE_INFINITY), isFree: true },
};
