import { CommandError, type FlushArgs, type FlushOutcome } from '@remand/api';
import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderFlush } from '../render/flush.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand flush [--list L]`, by the daemon, or in this process when there is none. */
export const flush: Verb<[options: CommonOptions & { readonly list?: string }]> = async (
  { terminal, paint },
  options,
) => {
  const args = options.list === undefined ? {} : { list: options.list };
  const outcome = await byDaemon(options, args);
  terminal.out(options.json ? jsonDocument(outcome) : renderFlush(outcome.lists, paint));
  return outcome.lists.every((list) => list.removed) ? exitCodes.ok : exitCodes.failed;
};

async function byDaemon(options: CommonOptions, args: FlushArgs): Promise<FlushOutcome> {
  try {
    return await withDaemon(options, (daemon) => daemon.call('flush', args));
  } catch (error) {
    if (!isAbsent(error)) throw error;
    const { flushWithoutDaemon } = await import('@remand/daemon');
    return flushWithoutDaemon({ ...args, ...(options.config ? { rc: options.config } : {}) });
  }
}

/** Nobody listens; a daemon that we may not talk to, or that hung up, is there. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof CommandError) || error.code !== 'DAEMON_UNREACHABLE') return false;
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code === 'ENOENT' || cause?.code === 'ECONNREFUSED' || cause?.code === 'ENOTDIR';
}
