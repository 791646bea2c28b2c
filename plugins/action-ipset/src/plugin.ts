import { definePlugin, pluginTokens } from '@remand/api';
import { IpsetAction } from './ipset-action.ts';
import { options } from './options.ts';

/** Bans in sets of ipset that the administrator's own rules use. */
export const ipset = definePlugin({
  kind: 'action',
  name: 'ipset',
  apiVersion: 1,
  summary: "Enters addresses into sets of ipset that the administrator's own rules use.",
  ownership: 'shared',
  scope: 'host',
  outlivesReboot: false,
  options,
  inject: [pluginTokens.commands],
  listKey: ({ set, set6 }) => `ipset/${[set, set6].filter((name) => name !== undefined).join('+')}`,
  create: ({ list, options: given }, commands) =>
    new IpsetAction({ list, options: given, commands }),
});
