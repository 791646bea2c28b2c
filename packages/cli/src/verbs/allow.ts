import { printable } from '@remand/api';
import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { untilWhen } from '../output/when.ts';
import { durationArgument } from './durations.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand allow ADDRESS|RANGE [--for D]`. */
export const allow: Verb<
  [address: string, options: CommonOptions & { readonly for?: string }]
> = async ({ terminal }, address, options) => {
  const forMs = options.for === undefined ? null : durationArgument('--for', options.for);
  const outcome = await withDaemon(options, (daemon) => daemon.call('allow', { address, forMs }));
  if (options.json) {
    terminal.out(jsonDocument(outcome));
    return exitCodes.ok;
  }
  const until = untilWhen(outcome.until, terminal.now());
  terminal.out(`${printable(outcome.address)} is never banned ${until}\n`);
  for (const { address: lifted, holder } of outcome.lifted) {
    terminal.out(`  lifted the ban of ${printable(lifted)} by ${printable(holder)}\n`);
  }
  return exitCodes.ok;
};
