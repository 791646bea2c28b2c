import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderWhy } from '../render/why.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand why ADDRESS`. Exit code 1 when nothing is known of it. */
export const why: Verb<[address: string, options: CommonOptions]> = async (
  { terminal, paint },
  address,
  options,
) => {
  const report = await withDaemon(options, (daemon) => daemon.call('why', { address }));
  terminal.out(options.json ? jsonDocument(report) : renderWhy(report, terminal.now(), paint));
  return report.events.length > 0 || report.live ? exitCodes.ok : exitCodes.failed;
};
