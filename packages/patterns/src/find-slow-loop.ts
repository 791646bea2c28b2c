import type { Automaton, Loop } from './automaton.ts';
import { type CharacterSet, commonCharacter } from './character-set.ts';
import type { PhraseMachine } from './phrase-machine.ts';

/** Two repetitions without a limit that can share out the same text in many ways. */
export interface SlowLoop {
  readonly first: string;
  readonly second: string;
}

/**
 * Looks for what makes a backtracking matcher slower than linear: a repetition, and behind it
 * another that takes the same characters, reached over such characters only. Then text of n
 * characters can be shared out between the two in n ways, and all are tried when what follows does
 * not fit. Repetitions are never nested, so nothing worse can happen; one that ends the message and
 * takes everything cannot fail. (The criterion IDA of Weideman et al., "Analyzing Matching Time
 * Behavior of Backtracking Regular Expression Matchers by Using Ambiguity of NFA", 2016.)
 */
export function findSlowLoop(automaton: Automaton): SlowLoop | undefined {
  for (const first of automaton.loops) {
    for (const second of automaton.loops) {
      if (first === second || cannotFail(automaton, second)) continue;
      if (isReached(automaton, first, second)) {
        return { first: wordsOf(automaton, first), second: wordsOf(automaton, second) };
      }
    }
  }
  return undefined;
}

function cannotFail({ accepting }: Automaton, { state, set }: Loop): boolean {
  // All but the line feed, which no message holds.
  return accepting[state] === true && set.every((flag, code) => flag === 1 || code === 10);
}

function isReached(automaton: Automaton, first: Loop, second: Loop): boolean {
  const shared = first.set.map((flag, code) => flag & (second.set[code] ?? 0));
  const { phrases } = first;
  if (phrases) return isReachedWithout(automaton, { first, second, shared, phrases });
  const seen = new Set([first.state]);
  for (const state of seen) {
    for (const { set, to } of automaton.edges[state] ?? []) {
      if (to === second.state) {
        if (commonCharacter(set, shared) >= 0) return true;
      } else if (commonCharacter(set, shared) >= 0) {
        seen.add(to);
      }
    }
  }
  return false;
}

/** The same where the first does not hold some phrases: the way to the second must be free of them. */
function isReachedWithout(
  { edges }: Automaton,
  given: { first: Loop; second: Loop; shared: CharacterSet; phrases: PhraseMachine },
): boolean {
  const { first, second, shared, phrases } = given;
  const seen = new Set([first.state * phrases.size]);
  for (const key of seen) {
    const state = Math.floor(key / phrases.size);
    for (const { set, to } of edges[state] ?? []) {
      for (const [code, flag] of set.entries()) {
        if (flag === 0 || shared[code] !== 1) continue;
        const next = phrases.after(key % phrases.size, code);
        if (next < 0) continue;
        if (to === second.state) return true;
        seen.add(to * phrases.size + next);
      }
    }
  }
  return false;
}

function wordsOf({ edges }: Automaton, { state }: Loop): string {
  return edges[state]?.find(({ to }) => to === state)?.wanted ?? 'text';
}
