import { printable } from '@remand/api';
import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { untilWhen } from '../output/when.ts';
import { durationArgument } from './durations.ts';
import type { CommonOptions, Verb } from './verb.ts';

export interface BanOptions extends CommonOptions {
  readonly jail?: string;
  readonly for?: string;
  readonly reason?: string;
}

/** `remand ban ADDRESS|RANGE [--jail J] [--for D] [--reason TEXT]`. */
export const ban: Verb<[address: string, options: BanOptions]> = async (
  { terminal },
  address,
  options,
) => {
  const { jail, reason } = options;
  const args = {
    address,
    ...(jail === undefined ? {} : { jail }),
    ...(options.for === undefined ? {} : { forMs: durationArgument('--for', options.for) }),
    ...(reason === undefined ? {} : { reason }),
  };
  const outcome = await withDaemon(options, (daemon) => daemon.call('ban', args));
  if (options.json) {
    terminal.out(jsonDocument(outcome));
  } else {
    const until = untilWhen(outcome.until, terminal.now());
    const lists = outcome.lists.length === 0 ? 'no list' : outcome.lists.join(', ');
    terminal.out(`${printable(outcome.address)} is banned ${until} on ${printable(lists)}\n`);
  }
  return exitCodes.ok;
};
