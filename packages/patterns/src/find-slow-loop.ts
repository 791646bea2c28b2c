import type { Automaton, Loop } from './automaton.ts';
import { commonCharacter } from './character-set.ts';

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

function isReached({ edges }: Automaton, first: Loop, second: Loop): boolean {
  const shared = first.set.map((flag, code) => flag & (second.set[code] ?? 0));
  const seen = new Set([first.state]);
  for (const state of seen) {
    for (const { set, to } of edges[state] ?? []) {
      if (to === second.state) {
        if (commonCharacter(set, shared) >= 0) return true;
      } else if (commonCharacter(set, shared) >= 0) {
        seen.add(to);
      }
    }
  }
  return false;
}

function wordsOf({ edges }: Automaton, { state }: Loop): string {
  return edges[state]?.find(({ to }) => to === state)?.wanted ?? 'text';
}
