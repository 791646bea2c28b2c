import type { ControlApi, NeighboursReport, StatusReport } from '@remand/api';
import type { ReloadOutcome, StopOutcome } from './control/protocol.ts';
import type { ServedVerbs } from './control/verb-args.ts';

/**
 * The verbs of the socket. Until the kernel has started they wait for it, and fail as it does.
 * `end` makes the daemon end, after the answer is on its way.
 */
export function servedVerbs(
  ready: () => Promise<ControlApi>,
  {
    reload,
    end,
    neighbours,
  }: {
    readonly reload: () => Promise<ReloadOutcome>;
    readonly end: (flush: boolean) => void;
    readonly neighbours: ((status: StatusReport) => Promise<NeighboursReport>) | undefined;
  },
): ServedVerbs {
  return {
    status: async (args) => {
      const report = await (await ready()).status(args);
      return neighbours ? { ...report, neighbours: await neighbours(report) } : report;
    },
    bans: async (args) => (await ready()).bans(args),
    why: async (args) => (await ready()).why(args),
    ban: async (args) => (await ready()).ban(args),
    unban: async (args) => (await ready()).unban(args),
    allow: async (args) => (await ready()).allow(args),
    flush: async (args) => (await ready()).flush(args),
    plugins: async (args) => (await ready()).plugins(args),
    resetFuse: async (args) => (await ready()).resetFuse(args),
    reload: async (): Promise<ReloadOutcome> => {
      await ready();
      return reload();
    },
    stop: async ({ flush = false }): Promise<StopOutcome> => {
      const { lists } = flush ? await (await ready()).flush({}) : { lists: [] };
      setImmediate(end, flush);
      return { pid: process.pid, lists };
    },
  };
}
