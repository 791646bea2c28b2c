import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NotificationQueue } from '../../src/notify/notification-queue.ts';
import { type Mood, ToldMachine } from './told-machine.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

type Step =
  | { readonly do: 'tell'; readonly count: number; readonly kind: 'ban' | 'unban' | 'still-seen' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'mood'; readonly mood: Mood }
  | { readonly do: 'kill' | 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('tell' as const),
      count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 250 })),
      kind: fc.constantFrom('ban' as const, 'unban' as const, 'still-seen' as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.oneof(
        fc.integer({ min: 0, max: minute }),
        fc.integer({ min: 0, max: 20 * minute }),
        fc.integer({ min: 0, max: 5 * hour }),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('mood' as const),
      mood: fc.constantFrom<Mood>('works', 'fails', 'breaks', 'refuses'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('kill' as const, 'restart' as const) }) },
);

const limits = fc.record({
  gatherMs: fc.constantFrom(second, 5 * second),
  burst: fc.integer({ min: 1, max: 5 }),
  refillMs: fc.constantFrom(30 * second, minute, 2 * hour),
  most: fc.integer({ min: 1, max: 20 }),
});

async function walk(machine: ToldMachine, steps: readonly Step[]): Promise<void> {
  for (const one of steps) {
    if (one.do === 'tell') machine.tell(one.count, one.kind);
    else if (one.do === 'pass') await machine.pass(one.ms);
    else if (one.do === 'mood') machine.mood = one.mood;
    else if (one.do === 'kill') machine.kill();
    else await machine.restart();
  }
}

function expectOneOutcomeEach(machine: ToldMachine): void {
  expect(machine.outcomes().filter(({ length }) => length !== 1)).toEqual([]);
  const [recorded, counted] = machine.digested();
  expect(counted).toBe(recorded);
}

describe(`${NotificationQueue.name}, whatever happens`, () => {
  it('ends every notice as sent, suppressed or queued, and keeps to the bucket', async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.array(step, { maxLength: 40 }), async (policy, steps) => {
        const machine = new ToldMachine(policy);
        try {
          await walk(machine, steps);
          expectOneOutcomeEach(machine);
          machine.mood = 'works';
          machine.tell(1, 'ban');
          await machine.pass(12 * hour);
          expectOneOutcomeEach(machine);
          expect(machine.outcomes().flat()).not.toContain('queued');
          expect(machine.status()).toMatchObject({ state: 'ok', queued: 0 });

          const { burst, refillMs } = policy;
          const times = machine.times('all');
          for (const [index, from] of times.entries()) {
            for (const [more, to] of times.slice(index).entries()) {
              const most = burst + (to - from) / refillMs;
              expect(more + 1, `messages in ${to - from} ms`).toBeLessThanOrEqual(most + 1e-9);
            }
          }
        } finally {
          machine.close();
        }
      }),
      { numRuns: 100 },
    );
  });

  it('sends at growing distances for as long as there is more, over kills and failures', async () => {
    const everySeconds = fc.integer({ min: 2, max: 30 });
    const troubles = fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 100 }),
        what: fc.constantFrom<Mood | 'kill'>('kill', 'fails', 'works'),
      }),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(everySeconds, troubles, async (every, trouble) => {
        const [burst, refillMs] = [3, minute];
        const machine = new ToldMachine({ gatherMs: second, burst, refillMs, most: 5 });
        try {
          const count = 300;
          for (let number = 0; number < count; number += 1) {
            const now = trouble.filter(({ after }) => after === number);
            for (const { what } of now) {
              if (what === 'kill') machine.kill();
              else machine.mood = what;
            }
            machine.tell(1, 'ban');
            await machine.pass(every * second);
          }

          const lastedMs = count * every * second;
          // The bucket is refilled while it is emptied, at most twice as slowly.
          const most = 2 * burst + Math.log2(lastedMs / refillMs + 1) + lastedMs / hour + 2;
          expect(machine.times('ordinary').length).toBeLessThanOrEqual(most);
          expectOneOutcomeEach(machine);
        } finally {
          machine.close();
        }
      }),
      { numRuns: 15 },
    );
  });
});
