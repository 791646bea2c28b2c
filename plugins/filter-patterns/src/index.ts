import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { options } from './options.ts';
import { tableOf } from './table-of.ts';

/** The filter `patterns`: what an administrator writes in templates, without any code. */
export default definePlugin({
  kind: 'filter',
  name: 'patterns',
  apiVersion: 1,
  summary: 'Recognises what the rc file says in templates.',
  options,
  inject: [],
  create: ({ options: { programs, except = {}, ...written } }) => {
    const set = new PatternSet(tableOf(written), { except });
    return {
      ...(programs && { programs }),
      ...(set.prefixes && { prefixes: set.prefixes }),
      match: (message, { program }) => set.match(message, program),
      ...(set.converses && { converse: (message, line) => set.converse(message, line) }),
      explain: (message, { program }) => set.explain(message, program),
    };
  },
});
