import type { Automaton } from './automaton.ts';
import { commonCharacter } from './character-set.ts';
import { TemplateError } from './template-error.ts';

/** A line that can be read in two ways which blame different texts. */
export interface TwoReadings {
  readonly line: string;
  /** What the one and what the other takes for the address. */
  readonly addresses: readonly [string, string];
}

/** Pairs of edges that are compared: a second or two. A pattern of sshd takes some ten thousand. */
const mostWork = 20_000_000;

interface Step {
  readonly one: number;
  readonly other: number;
  readonly differs: boolean;
  readonly before: Step | undefined;
  readonly code: number;
  readonly inOne: boolean;
  readonly inOther: boolean;
}

/**
 * Looks for a line that both automata take while they disagree about which characters are the
 * address. They walk side by side over the same characters, so each pair of states is looked at
 * once and the answer is exact for the automata: `undefined` is a proof. The line is a shortest one.
 * @throws TemplateError when there are too many
 */
export function findTwoReadings(one: Automaton, other: Automaton): TwoReadings | undefined {
  const width = other.edges.length;
  const seen = new Set<number>([0]);
  const start: Step = {
    ...{ one: 0, other: 0, differs: false, before: undefined },
    ...{ code: 0, inOne: false, inOther: false },
  };
  const queue: Step[] = [start];
  let work = 0;
  for (const step of queue) {
    if (step.differs && one.accepting[step.one] && other.accepting[step.other]) {
      return readingsOf(step);
    }
    const lefts = one.edges[step.one] ?? [];
    const rights = other.edges[step.other] ?? [];
    work += lefts.length * rights.length;
    if (work > mostWork) {
      throw new TemplateError(-1, 'it is too large to be proven; divide it into several');
    }
    for (const left of lefts) {
      for (const right of rights) {
        const differs = step.differs || left.inAddress !== right.inAddress;
        const key = (left.to * width + right.to) * 2 + (differs ? 1 : 0);
        if (seen.has(key)) continue;
        const code = commonCharacter(left.set, right.set);
        if (code < 0) continue;
        seen.add(key);
        queue.push({
          ...{ one: left.to, other: right.to, differs, before: step, code },
          ...{ inOne: left.inAddress, inOther: right.inAddress },
        });
      }
    }
  }
  return undefined;
}

function readingsOf(last: Step): TwoReadings {
  let line = '';
  let first = '';
  let second = '';
  for (let step: Step | undefined = last; step?.before; step = step.before) {
    const character = String.fromCharCode(step.code);
    line = character + line;
    if (step.inOne) first = character + first;
    if (step.inOther) second = character + second;
  }
  return { line, addresses: [first, second] };
}
