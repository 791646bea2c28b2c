import { definePlugin, pluginTokens } from '@remand/api';
import { z } from 'zod';
import { ObserveAction } from './observe-action.ts';

/** Keeps a list like a firewall would, and blocks nobody. */
export const observe = definePlugin({
  kind: 'action',
  name: 'observe',
  apiVersion: 1,
  summary: 'Records what would be blocked and touches nothing.',
  ownership: 'own',
  scope: 'jail',
  outlivesReboot: false,
  observesOnly: true,
  options: z.strictObject({}),
  inject: [pluginTokens.clock],
  create: (_given, clock) => new ObserveAction(clock),
});
