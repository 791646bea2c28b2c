import type { JailConfig } from '@remand/api';
import { createKernel } from '@remand/kernel';
import {
  FakeClock,
  LogFeed,
  RecordingCommandRunner,
  scriptedFilter,
  settle,
} from '@remand/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundled } from '../src/bundled.ts';

const start = Date.UTC(2026, 0, 1);
const table = 7263;
const hourMs = 3_600_000;

/** Numbers of addresses that one, two and all three of the jails hold: 10 000 holds. */
const [byOne, byTwo, byThree] = [2_000, 1_000, 2_000];
const address = (n: number) => `198.18.${n >> 8}.${n & 255}`;

/** `ip` with a table of routes that is in memory. */
class RoutingTable {
  readonly #targets = new Set<string>();
  readonly commands = new RecordingCommandRunner((argv, { input = '' }) => {
    if (argv.includes('-batch')) return this.#change(input);
    if (argv.includes('-6')) return '';
    if (argv.includes('rule')) return `72:\tfrom all lookup ${table} proto 114\n`;
    const route = (target: string) => `blackhole ${target} proto 114 metric 114\n`;
    return argv.includes('show') ? [...this.#targets].map(route).join('') : '';
  });

  /** The batches of changes, as lines. */
  get batches(): readonly (readonly string[])[] {
    return this.commands.runs.flatMap(({ argv, input = '' }) =>
      argv.includes('-batch') ? [input.trim().split('\n')] : [],
    );
  }

  #change(lines: string): string {
    for (const [, verb, target = ''] of lines.matchAll(/^route (add|del) blackhole (\S+)/gm)) {
      if (verb === 'add') this.#targets.add(target);
      else this.#targets.delete(target);
    }
    return '';
  }
}

/** Jails that differ in how many offences they want, on one table of routes. */
function jail(name: string, maxRetry: number, banTimeMs: number): JailConfig {
  const path = ['jails', name];
  return {
    ...{ name, maxRetry, banTimeMs, path, findTimeMs: hourMs, observe: false },
    filter: { name: 'scripted', options: {}, path },
    sources: [{ name: 'feed', options: {}, path }],
    actions: [{ name: 'route', options: {}, path }],
  };
}

describe('a wave of holds that end, 10 000 in three jails on one shared list', () => {
  it('is one batch for addresses that nobody else holds, and no command for the others', {
    timeout: 30_000,
  }, async () => {
    const feed = new LogFeed();
    const clock = new FakeClock(start);
    const routes = new RoutingTable();
    const kernel = await createKernel({
      config: {
        ...{ plugins: [], neverBan: [], defaultActions: [], notifiers: [], observe: false },
        ...{ defaultBanTimeMs: hourMs, maxLineBytes: 16_384, maxTracked: 100_000 },
        fuse: { bans: 20_000, withinMs: 60_000 },
        jails: [
          jail('brief', 1, 20_000),
          jail('longer', 2, hourMs),
          jail('longest', 3, 2 * hourMs),
        ],
      },
      bundled: {
        ...bundled,
        source: { feed: async () => ({ default: feed.plugin }) },
        filter: { scripted: async () => ({ default: scriptedFilter() }) },
      },
      stateFolder: null,
      version: '0.0.0',
      ...{ clock, commands: routes.commands },
      machine: { protectedAddresses: async () => [], resolve: async () => [] },
    });
    onTestFinished(() => kernel.stop());
    await kernel.start();
    const all = byOne + byTwo + byThree;
    const offences = (n: number) => (n < byOne ? 1 : n < byOne + byTwo ? 2 : 3);
    const at = new Date(start).toISOString();
    const lines = Array.from({ length: all }, (_, n) =>
      Array.from({ length: offences(n) }, () => `${at} host app[1]: abuse from ${address(n)}`),
    );
    await feed.push(lines.flat());
    await clock.advanceAsync(8_000);
    await settle();
    const { jails, lists } = await kernel.control.status({});
    expect(jails.map(({ banned }) => banned)).toEqual([all, byTwo + byThree, byThree]);
    expect(lists).toMatchObject([{ list: `route/${table}`, enforced: all }]);
    const before = routes.batches.length;

    await clock.advanceAsync(15_000);
    await settle();

    const wave = routes.batches.slice(before);
    expect(wave.map((batch) => batch.length)).toEqual([byOne]);
    expect(
      wave
        .flat()
        .map((line) => /^route del blackhole (\S+) /.exec(line)?.[1])
        .sort(),
    ).toEqual(Array.from({ length: byOne }, (_, n) => address(n)).sort());
    const held = (await kernel.control.bans({})).flatMap(({ holds }) => holds);
    expect(Object.groupBy(held, ({ holder }) => holder)).toMatchObject({
      longer: { length: byTwo + byThree },
      longest: { length: byThree },
    });
    expect(held).toHaveLength(byTwo + 2 * byThree);
    expect((await kernel.control.status({})).lists).toMatchObject([
      { enforced: byTwo + byThree, notEnforced: 0 },
    ]);
  });
});
