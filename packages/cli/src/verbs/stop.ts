import type { StopOutcome } from '@remand/daemon';
import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { renderFlush } from '../render/flush.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** The daemon drains for 10 s at most before it ends. */
const patienceMs = 20_000;

/** `remand stop [--flush]`: returns when the daemon is gone. */
export const stop: Verb<[options: CommonOptions & { readonly flush?: boolean }]> = async (
  { terminal, paint },
  options,
) => {
  const outcome = await withDaemon(options, async (daemon) => {
    const stopping = await daemon.call('stop', options.flush ? { flush: true } : {});
    return { ...stopping, gone: (await daemon.hungUp(patienceMs)) && (await ended(stopping)) };
  });
  if (outcome.lists.length > 0) terminal.out(renderFlush(outcome.lists, paint));
  if (!outcome.gone) {
    terminal.err(`remand: the daemon (pid ${outcome.pid}) is still running\n`);
    return exitCodes.failed;
  }
  terminal.out(`the daemon (pid ${outcome.pid}) has ended\n`);
  return outcome.lists.every((list) => list.removed) ? exitCodes.ok : exitCodes.failed;
};

/** Whether the process is gone, which follows the end of its socket within a moment. */
async function ended({ pid }: StopOutcome): Promise<boolean> {
  const until = performance.now() + 3_000;
  while (performance.now() < until) {
    try {
      process.kill(pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
