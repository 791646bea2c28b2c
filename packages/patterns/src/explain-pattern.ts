import type { PatternTrial } from '@remand/api';
import type { Automaton } from './automaton.ts';

const mostWanted = 3;

/** Where a pattern gave up, and what it wanted there. */
export type Stopped = Pick<PatternTrial, 'reached'> & { readonly wanted: string };

/**
 * How far an automaton gets with a message from `start` on: the way that passed most landmarks, and
 * the last place to which it led. Free text takes everything, so how many characters were taken
 * would say nothing.
 * @returns undefined when it takes the whole message
 */
export function explainPattern(
  automaton: Automaton,
  message: string,
  start: number,
): Stopped | undefined {
  /** The most landmarks on a way to a state. */
  let passed: ReadonlyMap<number, number> = new Map([[0, 0]]);
  let best = { most: 0, reached: start, states: [0] };
  for (let at = start; at < message.length && passed.size > 0; at++) {
    passed = stepOver(automaton, passed, message.charCodeAt(at));
    const most = Math.max(...passed.values());
    if (most < best.most) continue;
    const states = [...passed].filter(([, count]) => count === most).map(([state]) => state);
    best = { most, reached: at + 1, states };
  }
  if ([...passed.keys()].some((state) => automaton.accepting[state])) return undefined;
  return { reached: best.reached, wanted: wantedAt(automaton, best.states) };
}

function stepOver(
  { edges }: Automaton,
  passed: ReadonlyMap<number, number>,
  code: number,
): ReadonlyMap<number, number> {
  const next = new Map<number, number>();
  for (const [state, count] of passed) {
    for (const { set, to, isLandmark } of edges[state] ?? []) {
      if (set[code] !== 1) continue;
      next.set(to, Math.max(next.get(to) ?? 0, isLandmark ? count + 1 : count));
    }
  }
  return next;
}

function wantedAt({ edges, accepting }: Automaton, states: readonly number[]): string {
  const wanted = new Set(states.flatMap((state) => edges[state]?.map((edge) => edge.wanted) ?? []));
  if (states.some((state) => accepting[state])) wanted.add('the end');
  const words = [...wanted];
  const shown = words.length > mostWanted ? [...words.slice(0, mostWanted), '…'] : words;
  return shown.join(' or ');
}
