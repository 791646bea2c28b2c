import { definePlugin, pluginTokens } from '@remand/api';
import { CommandSource } from './command-source.ts';
import { commandOptions } from './options.ts';

/** The source `command`: the lines that a program prints. */
export const commandSource = definePlugin({
  kind: 'source',
  name: 'command',
  apiVersion: 1,
  summary: 'Reads the lines that a program prints, such as `docker logs -f`, and keeps it at work.',
  options: commandOptions,
  inject: [pluginTokens.clock, pluginTokens.logger, pluginTokens.commands],
  framing: ({ timeZone, header }) => ({ timeZone, header }),
  create: ({ uses }, clock, logger, commands) =>
    new CommandSource({ uses, clock, logger, commands }),
});
