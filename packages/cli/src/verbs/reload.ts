import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderReload } from '../render/reload.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand reload`: has the daemon read its rc file again. */
export const reload: Verb<[options: CommonOptions]> = async ({ terminal, paint }, options) => {
  const outcome = await withDaemon(options, (daemon) => daemon.call('reload', {}));
  terminal.out(options.json ? jsonDocument(outcome) : renderReload(outcome, paint));
  return outcome.reloaded ? exitCodes.ok : exitCodes.usage;
};
