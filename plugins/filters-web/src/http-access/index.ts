import { definePlugin } from '@remand/api';
import { PatternSet, structuredFilter } from '@remand/patterns';
import { z } from 'zod';
import { apacheAccessLog, nginxAccessLog } from '../access-log.ts';
import { badMethods, jsonPatternsOf, patternsOf, structure } from './patterns.ts';

/** The filter `http-access`: answers of a web server that say no. */
export default definePlugin({
  kind: 'filter',
  name: 'http-access',
  apiVersion: 1,
  summary: 'Recognises refused and failing requests, probes and odd methods in access logs.',
  options: z.strictObject({
    statuses: z
      .array(z.int().min(400).max(599))
      .default([401, 403, 404])
      .describe('answers that count, each as one match'),
    methods: z
      .array(z.string().regex(/^[A-Z]{1,20}$/, 'wanted a method of HTTP, such as TRACE'))
      .default([...badMethods])
      .describe('methods that count whatever the answer; a list replaces the default'),
    probes: z
      .boolean()
      .default(true)
      .describe('whether paths that only attackers ask for count, unless they are answered'),
  }),
  inject: [],
  usualSources: () => [...nginxAccessLog, ...apacheAccessLog],
  create: ({ options }) => {
    const lines = new PatternSet(patternsOf(options)).asFilter({ isProven: true });
    const json =
      options.statuses.length === 0
        ? lines
        : structuredFilter(jsonPatternsOf(options), structure, { isProven: true });
    const read = (message: string) => (message.startsWith('{') ? json : lines);
    return {
      programs: [null],
      match: (message, line) => read(message).match(message, line),
      explain: (message, line) => read(message).explain?.(message, line) ?? [],
    };
  },
});
