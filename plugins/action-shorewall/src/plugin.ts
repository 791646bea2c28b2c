import { definePlugin, pluginTokens } from '@remand/api';
import { options } from './options.ts';
import { ShorewallAction } from './shorewall-action.ts';

/** Blocks addresses by the dynamic blacklist of shorewall, which the administrator uses too. */
export const shorewall = definePlugin({
  kind: 'action',
  name: 'shorewall',
  apiVersion: 1,
  summary: 'Blocks addresses by the dynamic blacklist of shorewall and shorewall6.',
  ownership: 'shared',
  scope: 'host',
  outlivesReboot: false,
  options,
  inject: [pluginTokens.commands, pluginTokens.clock, pluginTokens.logger],
  create: ({ options: given }, commands, clock, logger) =>
    new ShorewallAction({ options: given, commands, clock, logger }),
});
