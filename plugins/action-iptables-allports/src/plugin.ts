import { definePlugin, pluginTokens } from '@remand/api';
import { IptablesAction } from './iptables-action.ts';
import { options } from './options.ts';

/** Blocks addresses by a chain of iptables, and by ipset where it is installed. */
export const iptablesAllports = definePlugin({
  kind: 'action',
  name: 'iptables-allports',
  apiVersion: 1,
  summary: 'Blocks addresses by a chain of iptables, with a set of ipset where it is installed.',
  ownership: 'own',
  scope: 'jail',
  options,
  inject: [pluginTokens.commands, pluginTokens.clock, pluginTokens.logger],
  listKey: ({ name }, holder) => `iptables-allports/${name ?? holder}`,
  create: ({ list, options: given }, commands, clock, logger) =>
    new IptablesAction({ list, options: given, commands, clock, logger }),
});
