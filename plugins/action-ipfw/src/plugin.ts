import { definePlugin, pluginTokens } from '@remand/api';
import { IpfwAction } from './ipfw-action.ts';
import { IpfwProgram } from './ipfw-program.ts';
import { Layout } from './layout.ts';
import { options } from './options.ts';
import { RulesAction } from './rules-action.ts';

/** Blocks addresses by a table of ipfw and a rule that uses it. */
export const ipfw = definePlugin({
  kind: 'action',
  name: 'ipfw',
  apiVersion: 1,
  summary:
    'Blocks addresses by a table of ipfw (FreeBSD), or by a rule for each where it has no tables.',
  ownership: 'own',
  scope: 'host',
  outlivesReboot: false,
  options,
  inject: [pluginTokens.commands],
  listKey: ({ name }) => (name === undefined ? 'ipfw' : `ipfw/${name}`),
  create: ({ list, options: given }, commands) => {
    const program = new IpfwProgram(commands);
    const { rule: first, lastRule: last } = given;
    if (last !== undefined) return new RulesAction(program, { first, last });
    return new IpfwAction(program, new Layout(list, given));
  },
});
