import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKernel } from '../../src/kernel.ts';
import type { Ban } from './ban.ts';
import { Driver } from './driver.ts';
import { MemoryMachine } from './memory-machine.ts';
import { rules, step } from './random-life.ts';

/** `REMAND_MODEL_STEPS=100000 REMAND_MODEL_SEED=1 vitest …` looks longer, or again. */
const steps = Number(process.env.REMAND_MODEL_STEPS ?? 2_000);
const seed = Number(process.env.REMAND_MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** A failure is shrunk among so many lives; the next so many have another seed. */
const livesAtOnce = 50;

const enoughSteps = 2_000;
/** What has to come up in so many steps. */
const rare: Readonly<Record<string, (ban: Ban) => boolean>> = {
  escalations: ({ by, observed }) => by === 'rung' && !observed,
  'observed escalations': ({ by, observed }) => by === 'rung' && observed,
  'bans that were over when they were decided': ({ ended }) => ended,
  'bans that grew': ({ number = 1 }) => number > 1,
  mistakes: ({ mistaken }) => mistaken === true,
  'bans of ranges': ({ target }) => target.endsWith('/24'),
};

describe(createKernel, () => {
  it(`keeps its promise through ${steps} steps (seed ${seed})`, async () => {
    let played = 0;
    const seen = new Map(Object.keys(rare).map((what) => [what, 0]));
    const lives = fc.array(step, { minLength: 1, maxLength: 40, size: 'max' });

    for (let round = 0; played < steps; round++) {
      await fc.assert(
        fc.asyncProperty(rules, lives, async (given, life) => {
          const driver = new Driver(given, new MemoryMachine(given.lists));
          const { bans } = await driver.play(life, () => ++played > 0);
          for (const [what, isIt] of Object.entries(rare)) {
            seen.set(what, (seen.get(what) ?? 0) + bans.filter(isIt).length);
          }
        }),
        { numRuns: livesAtOnce, seed: seed + round, endOnFailure: false },
      );
    }

    expect(played).toBeGreaterThanOrEqual(steps);
    // A driver that does nothing proves nothing.
    if (steps >= enoughSteps) expect([...seen].filter(([, times]) => times === 0)).toEqual([]);
  }, 7_200_000);
});
