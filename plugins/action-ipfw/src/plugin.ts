import { definePlugin, pluginTokens } from '@remand/api';
import { IpfwAction } from './ipfw-action.ts';
import { options } from './options.ts';

/** Blocks addresses by a table of ipfw and a rule that uses it. */
export const ipfw = definePlugin({
  kind: 'action',
  name: 'ipfw',
  apiVersion: 1,
  summary: 'Blocks addresses by a table of ipfw (FreeBSD) and a rule that denies what is in it.',
  ownership: 'own',
  scope: 'host',
  options,
  inject: [pluginTokens.commands],
  listKey: ({ name }) => (name === undefined ? 'ipfw' : `ipfw/${name}`),
  create: ({ list, options: given }, commands) =>
    new IpfwAction({ list, options: given, commands }),
});
