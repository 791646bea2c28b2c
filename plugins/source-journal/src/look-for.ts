import type { CommandRunner, SourcePresence } from '@remand/api';
import { Journalctl } from './journalctl.ts';
import type { JournalOptions } from './options.ts';
import { placeOf } from './place.ts';
import { Selection } from './selection.ts';

/** Whether the journal has an entry of what is wanted, or any. */
export async function lookFor(
  options: JournalOptions,
  commands: CommandRunner,
): Promise<SourcePresence> {
  const selections = [new Selection(options)];
  const journalctl = new Journalctl({ commands, place: placeOf(options), selections });
  try {
    if ((await journalctl.newest()).entry) return 'logs';
    return (await journalctl.isEmpty()) ? 'absent' : 'silent';
  } catch {
    // Without journalctl, or without a right to the journal, it is as if there were none.
    return 'absent';
  }
}
