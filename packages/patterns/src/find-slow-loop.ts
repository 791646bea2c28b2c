import type { Automaton, Loop } from './automaton.ts';
import { commonCharacter, sharedCharacters } from './character-set.ts';
import { PhraseMachine } from './phrase-machine.ts';

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

function cannotFail({ accepting }: Automaton, { state, set, phrases }: Loop): boolean {
  if (phrases !== undefined) return false;
  // All but the line feed, which no message holds.
  return accepting[state] === true && set.every((flag, code) => flag === 1 || code === 10);
}

/** Whether characters that both take lead from the one to the other, and neither holds a phrase then. */
function isReached({ edges }: Automaton, first: Loop, second: Loop): boolean {
  const shared = sharedCharacters(first.set, second.set);
  const [inFirst, inSecond] = [first.phrases ?? noPhrases, second.phrases ?? noPhrases];
  const isExact = inFirst.size > 1 || inSecond.size > 1;
  const keyOf = (state: number, one: number, other: number): number =>
    (state * inFirst.size + one) * inSecond.size + other;
  const seen = new Set([keyOf(first.state, 0, 0)]);
  for (const key of seen) {
    const other = key % inSecond.size;
    const one = Math.floor(key / inSecond.size) % inFirst.size;
    const state = Math.floor(key / inSecond.size / inFirst.size);
    for (const { set, to } of edges[state] ?? []) {
      if (!isExact) {
        if (commonCharacter(set, shared) < 0) continue;
        if (to === second.state) return true;
        seen.add(keyOf(to, 0, 0));
        continue;
      }
      for (const [code, flag] of set.entries()) {
        if (flag === 0 || shared[code] !== 1) continue;
        const next = [inFirst.after(one, code), inSecond.after(other, code)] as const;
        if (next[0] < 0 || next[1] < 0) continue;
        if (to === second.state) return true;
        seen.add(keyOf(to, ...next));
      }
    }
  }
  return false;
}

const noPhrases = new PhraseMachine([]);

function wordsOf({ edges }: Automaton, { state }: Loop): string {
  return edges[state]?.find(({ to }) => to === state)?.wanted ?? 'text';
}
