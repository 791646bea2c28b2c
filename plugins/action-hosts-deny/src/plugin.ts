import { definePlugin, pluginTokens } from '@remand/api';
import { HostsDenyAction } from './hosts-deny-action.ts';
import { options } from './options.ts';

/** Denies addresses in hosts.deny, for the services that are linked with libwrap. */
export const hostsDeny = definePlugin({
  kind: 'action',
  name: 'hosts-deny',
  apiVersion: 1,
  summary: 'Denies addresses in hosts.deny, for the services that are linked with libwrap.',
  ownership: 'own',
  scope: 'host',
  outlivesReboot: true,
  options,
  inject: [pluginTokens.clock, pluginTokens.logger],
  listKey: ({ path }) => `hosts-deny${path}`,
  create: ({ list, options: given }, clock, logger) =>
    new HostsDenyAction({ list, options: given, clock, logger }),
});
