import { definePlugin, pluginTokens } from '@remand/api';
import { NftablesAction } from './nftables-action.ts';
import { options } from './options.ts';

/** Blocks addresses by nftables sets in a table of its own. */
export const nftables = definePlugin({
  kind: 'action',
  name: 'nftables',
  apiVersion: 1,
  summary: 'Blocks addresses by nftables sets with kernel timeouts, for hosts and containers.',
  ownership: 'own',
  scope: 'jail',
  outlivesReboot: false,
  options,
  inject: [pluginTokens.commands, pluginTokens.clock, pluginTokens.logger],
  listKey: ({ name }, holder) => `nftables/${name ?? holder}`,
  create: ({ list, options: given }, commands, clock, logger) =>
    new NftablesAction({ list, options: given, commands, clock, logger }),
});
