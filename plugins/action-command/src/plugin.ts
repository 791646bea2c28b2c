import { definePlugin, pluginTokens } from '@remand/api';
import { CommandAction } from './command-action.ts';
import { options } from './options.ts';

/** Bans by programs of the administrator's own. */
export const command = definePlugin({
  kind: 'action',
  name: 'command',
  apiVersion: 1,
  summary: 'Runs programs of your own to ban and unban, one by one or in batches.',
  ownership: 'shared',
  scope: 'host',
  options,
  inject: [pluginTokens.commands, pluginTokens.clock],
  listKey: ({ name }) => `command/${name}`,
  create: ({ options: given }, commands, clock) =>
    new CommandAction({ options: given, commands, clock }),
});
