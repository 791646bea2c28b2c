import type { AnyPlugin, Framing, KernelConfig } from '@remand/api';
import { FakeClock, LogFeed, memoryAction, scriptedFilter } from '@remand/testkit';
import type { ReplayGiven, ReplayReport } from '../../src/replay/replay-contract.ts';
import { replayLogs } from '../../src/replay/replay-logs.ts';
import { bundle, kernelConfig } from '../kernel-rig.ts';

/** Half a year after the lines that `lineAt` makes. */
export const replayedAt: number = Date.UTC(2026, 6, 1);

/** Replays logs with the plugins of the kernel's tests. */
export function replay(
  logs: readonly string[],
  config: Partial<KernelConfig> = {},
  given: Partial<ReplayGiven> & { readonly plugins?: readonly AnyPlugin[] } = {},
): Promise<ReplayReport> {
  const { plugins = [], ...rest } = given;
  const clock = new FakeClock(replayedAt);
  return replayLogs({
    config: kernelConfig({ notifiers: [], ...config }),
    bundled: bundle([
      new LogFeed().plugin,
      memoryAction({ clock }).plugin,
      scriptedFilter(),
      ...plugins,
    ]),
    machine: { protectedAddresses: async () => [], resolve: async () => [] },
    logs,
    clock,
    ...rest,
  });
}

/** A source whose options are how its lines are to be read. */
export function framingSource(name = 'framing'): AnyPlugin {
  return { ...new LogFeed({ name }).plugin, framing: (options: unknown) => options as Framing };
}
