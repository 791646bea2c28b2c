import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderBans } from '../render/bans.ts';
import { sinceArgument } from './durations.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand bans [--since D]`. */
export const bans: Verb<[options: CommonOptions & { readonly since?: string }]> = async (
  { terminal, paint },
  options,
) => {
  const now = terminal.now();
  const args = options.since === undefined ? {} : { since: sinceArgument(options.since, now) };
  const reports = await withDaemon(options, (daemon) => daemon.call('bans', args));
  terminal.out(options.json ? jsonDocument(reports) : renderBans(reports, now, paint));
  return exitCodes.ok;
};
