import { definePlugin, pluginTokens } from '@remand/api';
import { JournalSource } from './journal-source.ts';
import { lookFor } from './look-for.ts';
import { journalOptions } from './options.ts';

/** The source `journal`: follows the journal of systemd with one journalctl for all jails. */
export const journalSource = definePlugin({
  kind: 'source',
  name: 'journal',
  apiVersion: 1,
  summary: 'Reads entries of the systemd journal, through rotation, vacuuming and restarts.',
  options: journalOptions,
  inject: [pluginTokens.clock, pluginTokens.logger, pluginTokens.commands],
  look: ({ options }, _clock, _logger, commands) => lookFor(options, commands),
  create: ({ uses }, clock, logger, commands) =>
    new JournalSource({ uses, clock, logger, commands }),
});
