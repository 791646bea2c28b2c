import type { ReloadOutcome } from '@remand/daemon';
import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderReload } from '../render/reload.ts';
import { isAbsent } from './flush.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand reload`: has the daemon read its rc file again. */
export const reload: Verb<[options: CommonOptions]> = async ({ terminal, paint }, options) => {
  const outcome = await byDaemon(options);
  terminal.out(options.json ? jsonDocument(outcome) : renderReload(outcome, paint));
  return outcome.reloaded ? exitCodes.ok : exitCodes.usage;
};

async function byDaemon(options: CommonOptions): Promise<ReloadOutcome> {
  try {
    return await withDaemon(options, (daemon) => daemon.call('reload', {}));
  } catch (error) {
    if (!isAbsent(error)) throw error;
    // With a mistake in its syntax the file does not say where the daemon listens.
    const { checkRc } = await import('@remand/daemon');
    const { problems } = await checkRc(options.config === undefined ? {} : { rc: options.config });
    if (problems.length === 0) throw error;
    return { reloaded: false, problems };
  }
}
