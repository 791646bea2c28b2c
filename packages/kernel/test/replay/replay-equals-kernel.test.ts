import { FakeClock, LogFeed, memoryAction, scriptedFilter } from '@remand/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKernel } from '../../src/kernel.ts';
import { abuse, bundle, jail, kernelConfig, lineAt } from '../kernel-rig.ts';
import { LogFolder } from './log-folder.ts';
import { replay, replayedAt } from './replay-rig.ts';

/** A log with attacks, silences, lines out of order, lines without a date; the same for a seed. */
function logOf(seed: number): string[] {
  const random = randomFrom(seed);
  const lines: string[] = [lineAt(0, 'begins')];
  let at = 0;
  while (lines.length < 4_000) {
    at += random(60) === 0 ? random(2_000_000) : random(7_000);
    const back = random(8) === 0 ? random(90_000) : 0;
    const time = Math.max(0, at - back);
    const address = `198.51.100.${random(12)}`;
    const kind = random(10);
    if (kind < 6) lines.push(abuse(address, time));
    else if (kind < 8) lines.push(lineAt(time, `nothing of ${address}`));
    else if (kind === 8) lines.push(`app[7]: abuse from ${address}`);
    else lines.push(lineAt(time, 'abuse from ::ffff:203.0.113.77'));
  }
  return lines;
}

const jails = [
  jail({ name: 'short', findTimeMs: 60_000, maxRetry: 4, banTimeMs: 20_000 }),
  jail({
    name: 'grows',
    ...{ findTimeMs: 60_000, maxRetry: 4, banTimeMs: 20_000 },
    banGrowth: { factor: 2, maxMs: 300_000, forgetAfterMs: 600_000, jitter: 0.2 },
  }),
  jail({ name: 'long', findTimeMs: 900_000, maxRetry: 7, banTimeMs: 3_600_000 }),
  jail({ name: 'ever', findTimeMs: 30_000, maxRetry: 9, banTimeMs: null }),
];
const rung = { path: ['escalation', 0] };
const escalation = [
  { ...rung, name: 'repeat', after: 3, withinMs: 7_200_000, banTimeMs: 7_200_000 },
  { ...rung, name: 'quick', after: 2, jails: ['short'], withinMs: 300_000, banTimeMs: 600_000 },
  { ...rung, name: 'again', after: 2, of: 'repeat', withinMs: 86_400_000, banTimeMs: null },
];
const config = { jails, escalation, neverBan: ['198.51.100.3'] };
const rungs = escalation.map(({ name }) => name);

describe('a replay', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'decides what a kernel decides that reads the log as backlog (seed %i)',
    async (seed) => {
      const lines = logOf(seed);
      const feed = new LogFeed();
      feed.append(lines);
      const clock = new FakeClock(replayedAt);
      const kernel = await createKernel({
        config: kernelConfig({ ...config, notifiers: [] }),
        bundled: bundle([feed.plugin, memoryAction({ clock }).plugin, scriptedFilter()]),
        stateFolder: null,
        version: '0.0.0',
        clock,
        machine: { protectedAddresses: async () => [], resolve: async () => [] },
      });
      onTestFinished(() => kernel.stop());
      const decided: unknown[] = [];
      kernel.onEntries((entries) => {
        for (const { kind, address, holder, at, until } of entries) {
          if (kind === 'ban') decided.push({ address, holder, at, until });
        }
      });
      await kernel.start();
      await feed.settled();
      const { jails: counted } = await kernel.control.status({});

      const report = await replay([new LogFolder().write('log', lines)], config);

      const replayed = report.bans.map(({ address, holder, at, until }) => ({
        ...{ address, holder, at: Date.parse(at) },
        until: until === null ? null : Date.parse(until),
      }));
      for (const { holder, rung: decidedBy } of report.bans) {
        expect(decidedBy).toBe(rungs.includes(holder) ? holder : null);
      }
      const holders = new Set(replayed.map(({ holder }) => holder));
      expect(rungs.filter((name) => !holders.has(name))).toEqual([]);
      expect(replayed.length).toBeGreaterThan(100);
      expect(replayed).toEqual(decided);
      expect(report.jails).toMatchObject(
        counted.map(({ lines: read, dated, matched, offences, ignored, banned }) => ({
          ...{ lines: read, dated, matched, offences, banned },
          neverBan: ignored.neverBan,
          seenWhileBanned: ignored.seenWhileBanned,
        })),
      );
    },
  );
});

function randomFrom(seed: number): (most: number) => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return (most) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % most;
  };
}
