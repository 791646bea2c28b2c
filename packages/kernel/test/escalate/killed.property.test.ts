import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelConfig, LedgerEntry } from '@remand/api';
import { FakeClock, LogFeed, memoryAction, memoryLogger, scriptedFilter } from '@remand/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKernel } from '../../src/kernel.ts';
import type { Kernel } from '../../src/kernel-contract.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { abuse, bundle, jail, KernelRig, kernelConfig, start } from '../kernel-rig.ts';

/** A short one, so that few ticks pass. */
const minute = 4_000;
const attackers = ['198.51.100.1', '198.51.100.2', '198.51.100.5', '198.51.100.6'];
const ranges = ['198.51.100.0/30', '198.51.100.4/30', '198.51.100.0/29'];

const jails = [
  jail({ name: 'short', findTimeMs: 5 * minute, maxRetry: 2, banTimeMs: minute }),
  jail({ name: 'long', findTimeMs: 20 * minute, maxRetry: 5, banTimeMs: 5 * minute }),
  jail({ name: 'looks', findTimeMs: minute, maxRetry: 2, banTimeMs: minute, observe: true }),
];
const path = ['escalation', 0];
const escalation = [
  { path, name: 'repeat', after: 3, withinMs: 60 * minute, banTimeMs: 30 * minute },
  { path, name: 'quick', after: 2, jails: ['short'], withinMs: 5 * minute, banTimeMs: 8 * minute },
  { path, name: 'ever', after: 2, of: 'repeat', withinMs: 600 * minute, banTimeMs: null },
];

/** Fewer tries for who is known, and ranges, the wider of which count narrower ones. */
const more: Partial<KernelConfig> = {
  jails: jails.map((one) => ({
    ...one,
    knownMaxRetry: { maxRetry: one.name === 'long' ? 2 : 1, withinMs: 8 * minute },
  })),
  network: {
    ...{ after: 2, withinMs: 20 * minute, banTimeMs: 2 * minute },
    prefixes: { v4: [30, 29], v6: [] },
    path: ['network'],
  },
};

/** What is done, one thing after the other. */
const step = (most: number) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('abuse'), who: fc.nat(most) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), seconds: fc.nat(8) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('forgive'), who: fc.nat(most) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('mistake'), who: fc.nat(most) }) },
  );
const life = (attackersUsed: number) =>
  fc.array(fc.record({ step: step(attackersUsed - 1), killed: fc.integer({ min: 0, max: 5 }) }), {
    minLength: 25,
    maxLength: 40,
  });

describe('escalation', () => {
  it.each([
    ['rungs', 2, {}],
    ['rungs, ranges and fewer tries', 4, more],
  ] as const)(
    'decides the same when the daemon is killed and started again at any time: %s',
    async (...given) => {
      const [, used, config] = given;
      const seen = { escalations: 0, kills: 0, ranges: 0, known: 0 };
      await fc.assert(
        fc.asyncProperty(life(used), async (steps) => {
          const steady = await live(
            steps.map((one) => ({ ...one, killed: 1 })),
            config,
          );
          const killed = await live(steps, config);

          expect(killed).toEqual(steady);
          seen.escalations += steady.filter(({ kind }) => kind === 'escalate').length;
          seen.ranges += steady.filter(({ holder }) => holder === 'network').length;
          seen.known += steady.filter(({ offences }) => offences === 1).length;
          seen.kills += steps.filter((one) => one.killed === 0).length;
        }),
        { numRuns: 8, seed: 7, endOnFailure: true },
      );
      expect(seen.escalations).toBeGreaterThan(20);
      expect(seen.kills).toBeGreaterThan(20);
      if (used === 2) return;
      expect(seen.ranges).toBeGreaterThan(10);
      expect(seen.known).toBeGreaterThan(10);
    },
    30_000,
  );
});

/** Lives through the steps; where `killed` is 0 the daemon is killed after one. */
async function live(
  steps: readonly { readonly step: Step; readonly killed: number }[],
  more: Partial<KernelConfig>,
): Promise<readonly { kind: string; holder: string; offences?: number }[]> {
  const home = await new KernelRig().folder();
  const clock = new FakeClock(start);
  const feed = new LogFeed();
  const action = memoryAction({ clock });
  let generation = 0;
  const run = async () => {
    const kernel = await createKernel({
      config: kernelConfig({ jails, escalation, notifiers: [], ...more }),
      bundled: bundle([feed.plugin, action.plugin, scriptedFilter()]),
      stateFolder: join(home, String(generation)),
      version: '0.0.0',
      clock,
      machine: { protectedAddresses: async () => [], resolve: async () => [] },
    });
    await kernel.start();
    return kernel;
  };
  const decided: LedgerEntry[] = [];
  let kernel = await run();
  const listen = () => kernel.onEntries((entries) => void decided.push(...entries));
  let deaf = listen();
  for (const { step: done, killed } of steps) {
    await take(done, { clock, feed, kernel });
    if (killed !== 0) continue;
    // What is on the disk at this instant is all that the next one has.
    deaf();
    cpSync(join(home, String(generation)), join(home, String(generation + 1)), { recursive: true });
    generation += 1;
    await kernel.stop();
    kernel = await run();
    deaf = listen();
  }
  deaf();
  await kernel.stop();
  const ledger = openLedger({
    folder: join(home, String(generation)),
    clock,
    logger: memoryLogger(),
  });
  const written = [...attackers, ...ranges].flatMap((address) => ledger.entriesOf(address, 10_000));
  ledger.close();
  const numbers = new Map(written.map(({ id }, index) => [id, index]));
  // An end is written when it is noticed, what is still seen is no decision, ids are new each time.
  return (
    written
      .filter(({ kind }) => kind !== 'expire' && kind !== 'still-seen')
      .map(({ id: _id, host: _host, details = {}, ...entry }) => {
        const { counted = [], ...rest } = details;
        const times = counted.map((id) => written[numbers.get(id) ?? -1]?.at);
        return { ...entry, ...rest, counted: times };
      })
      // Several holds of one holder are lifted in the order in which they are in memory.
      .sort(
        (left, right) =>
          left.at - right.at || (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1),
      )
  );
}

type Step = { readonly do: string; readonly who?: number; readonly seconds?: number };

async function take(
  step: Step,
  { clock, feed, kernel }: { clock: FakeClock; feed: LogFeed; kernel: Kernel },
): Promise<void> {
  const address = attackers[step.who ?? 0] ?? '';
  if (step.do === 'wait') return clock.advanceAsync((step.seconds ?? 0) * 1_000 + 1);
  if (step.do === 'abuse') {
    await feed.push([abuse(address), abuse(address)]);
    return clock.advanceAsync(50);
  }
  const live = (await kernel.control.bans({})).find((ban) => ban.address === address);
  const [holder] = (live?.holds ?? [])
    // Those that are over are still shown until the next tick.
    .filter(({ until }) => until === null || Date.parse(until) > clock.now())
    .map((hold) => hold.holder)
    .sort();
  if (holder === undefined) return;
  await kernel.control.unban({ address, holder, mistake: step.do === 'mistake' });
}
