import { definePlugin, pluginTokens } from '@remand/api';
import { IptablesAction } from './iptables-action.ts';
import { multiportOptions, options } from './options.ts';

const common = {
  kind: 'action',
  apiVersion: 1,
  ownership: 'own',
  scope: 'jail',
  outlivesReboot: false,
  inject: [pluginTokens.commands, pluginTokens.clock, pluginTokens.logger],
} as const;

/** Blocks addresses by a chain of iptables, and by ipset where it is installed. */
export const iptablesAllports = definePlugin({
  ...common,
  name: 'iptables-allports',
  summary: 'Blocks addresses by a chain of iptables, with a set of ipset where it is installed.',
  options,
  listKey: ({ name }, holder) => `iptables-allports/${name ?? holder}`,
  create: ({ list, options: given }, commands, clock, logger) =>
    new IptablesAction({ list, options: given, commands, clock, logger }),
});

/** The same for some ports. A chain of its own, so that both can be used for one jail. */
export const iptablesMultiport = definePlugin({
  ...common,
  name: 'iptables-multiport',
  summary: 'Blocks some ports by a chain of iptables, with a set of ipset where it is installed.',
  options: multiportOptions,
  listKey: ({ name }, holder) => `iptables-multiport/${name ?? holder}`,
  create: ({ list, options: given }, commands, clock, logger) =>
    new IptablesAction({ list, options: given, commands, clock, logger }),
});
