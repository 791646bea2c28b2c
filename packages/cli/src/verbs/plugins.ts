import type { PluginReport } from '@remand/api';
import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderPlugins } from '../render/plugins.ts';
import { isAbsent } from './flush.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand plugins`: those of the daemon, or those of the rc file, or the bundled ones. */
export const plugins: Verb<[options: CommonOptions]> = async ({ terminal, paint }, options) => {
  const reports = await find(options);
  terminal.out(options.json ? jsonDocument(reports) : renderPlugins(reports, paint));
  return exitCodes.ok;
};

async function find(options: CommonOptions): Promise<readonly PluginReport[]> {
  try {
    return await withDaemon(options, (daemon) => daemon.call('plugins', {}));
  } catch (error) {
    if (!isAbsent(error)) throw error;
    const { listPlugins } = await import('@remand/daemon');
    return listPlugins(options.config === undefined ? {} : { rc: options.config });
  }
}
