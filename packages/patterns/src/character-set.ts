/** One flag for each byte. */
export type CharacterSet = Uint8Array;

const lineFeed = 10;
const known = new Map<string, CharacterSet>();

/** The bytes that the inside of a regex's brackets stands for. A message has no line feed. */
export function characterSet(inside: string): CharacterSet {
  const before = known.get(inside);
  if (before) return before;
  const isNegated = inside.startsWith('^');
  const set = new Uint8Array(256).fill(isNegated ? 1 : 0);
  const mark = isNegated ? 0 : 1;
  const characters = inside.slice(isNegated ? 1 : 0);
  for (let index = 0; index < characters.length; index++) {
    if (characters[index] === '\\') index++;
    const from = characters.charCodeAt(index);
    let to = from;
    if (characters[index + 1] === '-' && index + 2 < characters.length) {
      to = characters.charCodeAt(index + 2);
      index += 2;
    }
    set.fill(mark, from, to + 1);
  }
  set[lineFeed] = 0;
  known.set(inside, set);
  return set;
}

/** The set of one character. */
export function singleCharacter(character: string): CharacterSet {
  return characterSet(/[\\^-]/.test(character) ? `\\${character}` : character);
}

/** Readable ones first: what is found stands in a message. */
const preference = [...'xyzabcdefghijklmnopqrstuvw01 23456789:.-_/'].map((one) =>
  one.charCodeAt(0),
);
const meetings = new Map<CharacterSet, Map<CharacterSet, number>>();

const intersections = new Map<CharacterSet, Map<CharacterSet, CharacterSet>>();

/** What is in both sets; the same object for the same two. */
export function sharedCharacters(one: CharacterSet, other: CharacterSet): CharacterSet {
  const row = intersections.get(one) ?? new Map<CharacterSet, CharacterSet>();
  intersections.set(one, row);
  const shared = row.get(other) ?? one.map((flag, code) => flag & (other[code] ?? 0));
  row.set(other, shared);
  return shared;
}

/** A byte that is in both sets, or -1. */
export function commonCharacter(one: CharacterSet, other: CharacterSet): number {
  const row = meetings.get(one) ?? new Map<CharacterSet, number>();
  meetings.set(one, row);
  let found = row.get(other);
  if (found === undefined) {
    const both = (code: number): boolean => one[code] === 1 && other[code] === 1;
    found = preference.find(both) ?? one.findIndex((_, code) => both(code));
    row.set(other, found);
  }
  return found;
}
