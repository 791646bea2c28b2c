import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Enforcer } from '../../src/enforce/enforcer.ts';
import { allTargets, PromiseModel, type Step } from './promise-model.ts';
import type { ListSetup } from './world.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** `PROMISE_RUNS=30000 PROMISE_SEED=1 vitest …` looks longer, or again. */
const runs = Number(process.env.PROMISE_RUNS ?? 300);
const seed = Number(process.env.PROMISE_SEED ?? Math.floor(Math.random() * 2 ** 31));

const lists = ['two', 'one'] as const;
const list = fc.constantFrom(...lists);
const target = fc.constantFrom(...allTargets);
const holder = fc.constantFrom('short', 'long', 'other');
const time = fc.constantFrom(second, 5 * second, minute, 10 * minute, hour, 3 * hour);
const forMs = fc.oneof({ weight: 5, arbitrary: time }, { weight: 1, arbitrary: fc.constant(null) });

const step: fc.Arbitrary<Step> = fc
  .tuple(
    fc.oneof(
      {
        weight: 10,
        arbitrary: fc.record({
          op: fc.constant('ban' as const),
          holder,
          targets: fc.uniqueArray(target, { minLength: 1, maxLength: 4 }),
          forMs,
          recorded: fc.boolean(),
        }),
      },
      { weight: 4, arbitrary: fc.record({ op: fc.constant('unban' as const), holder, target }) },
      {
        weight: 2,
        arbitrary: fc.record({ op: fc.constant('allow' as const), target, on: fc.boolean() }),
      },
      {
        weight: 8,
        arbitrary: fc.record({
          op: fc.constant('advance' as const),
          ms: fc.constantFrom(1, 60, 900, 5 * second, 31 * second, 61 * second, 20 * minute),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          op: fc.constant('step' as const),
          ms: fc.constantFrom(-hour, -minute, minute, hour),
        }),
      },
      { weight: 2, arbitrary: fc.record({ op: fc.constant('crash' as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          op: fc.constant('restart' as const),
          downMs: fc.constantFrom(0, minute, hour),
          flush: fc.boolean(),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ op: fc.constant('wipe' as const), list, container: fc.boolean() }),
      },
      {
        weight: 4,
        arbitrary: fc.record({ op: fc.constant('foreign' as const), list, target, forMs }),
      },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('unforeign' as const), list, target }) },
      {
        weight: 2,
        arbitrary: fc.record({
          op: fc.constant('fail' as const),
          list,
          times: fc.integer({ min: 1, max: 3 }),
          applied: fc.boolean(),
          timedOut: fc.boolean(),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          op: fc.constantFrom('refuse' as const, 'poison' as const, 'accept' as const),
          list,
          target,
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ op: fc.constant('unavailable' as const), list, on: fc.boolean() }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ op: fc.constant('hang' as const), list, on: fc.boolean() }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ op: fc.constant('disk' as const), full: fc.boolean() }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          op: fc.constantFrom('flush' as const, 'resume' as const, 'resume' as const),
          list,
        }),
      },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('heal' as const) }) },
    ),
    fc.boolean(),
  )
  .map(([op, quick]) => ({ ...op, quick }));

const setup = (key: (typeof lists)[number], holders: readonly string[]): fc.Arbitrary<ListSetup> =>
  fc
    .record({
      ownership: fc.constantFrom('own' as const, 'shared' as const),
      watchable: fc.boolean(),
      maxTimeoutMs: fc.constantFrom(0, 30 * minute, 24 * hour),
      families: fc.constantFrom([4, 6] as const, [4] as const),
      maxEntries: fc.constantFrom(undefined, undefined, 3),
    })
    .map(({ ownership, watchable, maxTimeoutMs, families, maxEntries }) => ({
      key,
      ownership,
      holders,
      watchable,
      limits: {
        maxTimeoutMs,
        families,
        // In a shared list others could take the room and give it back unseen.
        ...(maxEntries !== undefined && ownership === 'own' && { maxEntries }),
      },
    }));

describe(Enforcer, () => {
  it(`keeps promise 1 whatever happens (seed ${seed}, ${runs} runs)`, async () => {
    const setups = fc.tuple(setup('two', ['short', 'long']), setup('one', ['other']));
    const steps = fc.array(step, { maxLength: 30, size: 'max' });

    await fc.assert(
      fc.asyncProperty(setups, steps, async (given, played) => {
        await new PromiseModel(given).play(played);
      }),
      { numRuns: runs, seed },
    );
    expect(runs).toBeGreaterThan(0);
  }, 3_600_000);
});
