import { formatDuration } from '@remand/api';
import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand fuse reset`. */
export const fuseReset: Verb<[options: CommonOptions]> = async ({ terminal }, options) => {
  const fuse = await withDaemon(options, (daemon) => daemon.call('resetFuse', {}));
  const within = formatDuration(fuse.withinMs);
  terminal.out(
    options.json
      ? jsonDocument(fuse)
      : `the fuse is ${fuse.tripped ? 'still tripped' : 'whole'}: ${fuse.recent} bans in ${within}, it trips past ${fuse.bans}\n`,
  );
  return exitCodes.ok;
};
