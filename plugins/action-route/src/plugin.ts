import { definePlugin, pluginTokens } from '@remand/api';
import { options } from './options.ts';
import { RouteAction } from './route-action.ts';

/** Routes addresses into nothing, so that no reply reaches them. */
export const route = definePlugin({
  kind: 'action',
  name: 'route',
  apiVersion: 1,
  summary: 'Stops replies to addresses by blackhole routes; what they send still arrives.',
  ownership: 'own',
  scope: 'host',
  outlivesReboot: false,
  options,
  inject: [pluginTokens.commands, pluginTokens.clock, pluginTokens.logger],
  listKey: ({ table }) => `route/${table}`,
  create: ({ list, options: given }, commands, clock, logger) =>
    new RouteAction({ list, options: given, commands, clock, logger }),
});
