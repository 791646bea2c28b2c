import fc from 'fast-check';
import { Driver } from './driver.ts';
import { shortStep } from './random-life.ts';
import type { RealMachine } from './real-machine.ts';
import type { ListRule, Rules } from './rules.ts';
import type { Step } from './steps.ts';

/** `REMAND_MODEL_SEED=1 vitest …` plays the same life again. */
const seed = Number(process.env.REMAND_MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31));
const { REMAND_MODEL_REAL_STEPS: asked } = process.env;
const steps = Number(asked ?? 40);
/** A slow machine takes fewer steps, unless somebody asked for so many. */
const mostMs = asked === undefined ? 25_000 : Number.POSITIVE_INFINITY;

export const title = `keeps its promise through ${steps} steps (seed ${seed})`;

/** Each step can mean that something is waited for. */
export const timeoutMs: number = Math.max(120_000, steps * 5_000);

export const day = 86_400_000;

export function realList(
  key: string,
  given: Pick<ListRule, 'ownership' | 'maxTimeoutMs'>,
): ListRule {
  return { key, watchable: true, families: [4, 6], ranges: true, ...given };
}

/** A random life on lists of a real firewall. */
export async function live(machine: RealMachine, lists: readonly ListRule[]): Promise<void> {
  const keys = lists.map(({ key }) => key);
  const life = fc.array(shortStep(keys), { minLength: steps, maxLength: steps });
  const [drawn = []] = fc.sample(life, { seed, numRuns: 1 });
  const played = drawn.filter((step) => !isSeenLate(step, lists));
  const end = performance.now() + mostMs;
  await new Driver(rulesFor(lists), machine).play(played, () => performance.now() < end);
}

/**
 * What others enter into a list of ours opens nothing: a watched one is only found to hold it at its
 * next regular reading, ten minutes away.
 */
function isSeenLate(step: Step, lists: readonly ListRule[]): boolean {
  return (
    step.do === 'putIn' &&
    lists.some(({ key, ownership }) => key === step.list && ownership === 'own')
  );
}

/** No time of the clock decides what counts, only what happens: programs take a while to answer. */
function rulesFor(lists: readonly ListRule[]): Rules {
  const keys = lists.map(({ key }) => key);
  const [first = '', last = first] = keys;
  const counts = { findMs: day, maxRetry: 2, observe: false };
  return {
    lists,
    jails: [
      { name: 'ssh', program: 'ssh', ...counts, banMs: 3_000, lists: keys },
      { name: 'slow', program: 'ssh', ...counts, banMs: day, lists: [last] },
      { name: 'web', program: 'web', ...counts, banMs: day, lists: [first] },
    ],
    rungs: [{ name: 'repeat', after: 2, withinMs: 7 * day, banMs: 4_000, lists: [last] }],
    adminLists: [first],
    adminBanMs: 3_000,
    fuseBans: 1_000,
    areTotal: true,
  };
}
