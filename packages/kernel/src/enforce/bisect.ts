import { type ApplyResult, type Change, printable, reasonOf } from '@remand/api';
import { isListDown } from './list-down.ts';

export interface Refusal {
  readonly change: Change;
  readonly reason: string;
  /** The call threw: whether the entry is in is not known. */
  readonly thrown: boolean;
}

export interface Outcome {
  readonly done: readonly Change[];
  readonly refused: readonly Refusal[];
}

/** After so many failures and no success it is the list that fails, not single entries. */
const mostInVain = 32;
/** Beyond this the rest is put off: finding each costs calls that new bans wait for. */
const mostFailures = 400;

/** Sorts a result of `apply` by entry. */
export function outcomeOf(changes: readonly Change[], result: ApplyResult): Outcome {
  const reasons = new Map(result.refused.map(({ index, reason }) => [index, reason]));
  const done: Change[] = [];
  const refused: Refusal[] = [];
  for (const [index, change] of changes.entries()) {
    const reason = reasons.get(index);
    if (reason === undefined) done.push(change);
    else refused.push({ change, reason: printable(reason), thrown: false });
  }
  return { done, refused };
}

/**
 * Finds the entries that make a batch fail, by halves.
 * @throws when the list as a whole does not work
 */
export async function bisect(
  changes: readonly Change[],
  apply: (changes: readonly Change[]) => Promise<Outcome>,
): Promise<Outcome> {
  const done: Change[] = [];
  const refused: Refusal[] = [];
  const waiting = changes.length === 0 ? [] : [changes];
  let failures = 0;
  let latest: unknown;
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (failures >= mostFailures) {
      refuse(part, latest);
      continue;
    }
    try {
      const outcome = await apply(part);
      for (const change of outcome.done) done.push(change);
      for (const refusal of outcome.refused) refused.push(refusal);
    } catch (error) {
      if (isListDown(error)) throw error;
      latest = error;
      failures++;
      if (failures > mostInVain && done.length === 0) throw error;
      const parts = halves(part);
      if (parts.length === 0) refuse(part, error);
      else waiting.push(...parts);
    }
  }
  return { done, refused };

  function refuse(part: readonly Change[], error: unknown): void {
    const reason = printable(reasonOf(error));
    for (const change of part) refused.push({ change, reason, thrown: true });
  }
}

/** The second half first, for a stack; none of what cannot be halved. */
function halves(changes: readonly Change[]): (readonly Change[])[] {
  if (changes.length < 2) return [];
  const middle = Math.ceil(changes.length / 2);
  return [changes.slice(middle), changes.slice(0, middle)];
}
