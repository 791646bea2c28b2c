import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { options } from './options.ts';
import { linearityOf } from './prove-linear.ts';
import { RegexSet } from './regex-set.ts';
import { tableOf } from './table-of.ts';

/** The filter `patterns`: what an administrator writes in templates, without any code. */
export default definePlugin({
  kind: 'filter',
  name: 'patterns',
  apiVersion: 1,
  summary: 'Recognises what the rc file says in templates.',
  options,
  inject: [],
  remarks: ({ regexes }) =>
    regexes.flatMap((source, index) => {
      const { isLinear, reason = '' } = linearityOf(source);
      if (isLinear) return [];
      return [`regexes[${index}] runs in a worker, up to 20 ms a line: ${reason}`];
    }),
  create: ({ options: { programs, except = {}, ...written } }) => {
    const set = new PatternSet(tableOf(written), { except });
    const regexes = written.regexes.length > 0 ? new RegexSet(written.regexes) : undefined;
    return {
      ...(programs && { programs }),
      ...(set.prefixes && !regexes && { prefixes: set.prefixes }),
      match: (message, { program }) => set.match(message, program) ?? regexes?.match(message),
      ...(set.converses && { converse: (message, line) => set.converse(message, line) }),
      explain: (message, { program }) => {
        const trials = set.explain(message, program);
        if (!regexes || trials.some(({ matched }) => matched)) return trials;
        return [...trials, ...regexes.explain(message)];
      },
      dispose: async () => regexes?.close(),
    };
  },
});
