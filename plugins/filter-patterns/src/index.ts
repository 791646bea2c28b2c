import { definePlugin, type Filter } from '@remand/api';
import { PatternSet, structuredFilter } from '@remand/patterns';
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
  remarks: ({ regexes, samples }) => [
    ...((samples?.match.length ?? 0) === 0
      ? ['it has no samples that match, so nothing shows that it recognises anything']
      : []),
    ...regexes.flatMap((source, index) => {
      const { isLinear, reason = '' } = linearityOf(source);
      if (isLinear) return [];
      return [`regexes[${index}] runs in a worker, up to 20 ms a line: ${reason}`];
    }),
  ],
  create: ({ options: { programs, except = {}, structure, ...written } }) => {
    const of = programs ? { programs } : {};
    const filter = structure
      ? structuredFilter(tableOf(written), structure, { ...of, except })
      : new PatternSet(tableOf(written), { except }).asFilter(of);
    return written.regexes.length > 0 ? withRegexes(filter, written.regexes) : filter;
  },
});

/** A filter that tries regular expressions on what it makes nothing of, however that begins. */
function withRegexes({ prefixes: _any, ...filter }: Filter, sources: readonly string[]): Filter {
  const regexes = new RegexSet(sources);
  return {
    ...filter,
    match: (message, line) => filter.match(message, line) ?? regexes.match(message),
    explain: (message, line) => {
      const trials = filter.explain?.(message, line) ?? [];
      if (trials.some(({ matched }) => matched)) return trials;
      return [...trials, ...regexes.explain(message)];
    },
    dispose: async () => regexes.close(),
  };
}
