import { definePlugin } from '@remand/api';
import { PatternSet, structuredFilter } from '@remand/patterns';
import { z } from 'zod';
import { commonOf, patternsOf, structure } from './patterns.ts';

/** The filter `traefik`: answers of Traefik that say no. */
export default definePlugin({
  kind: 'filter',
  name: 'traefik',
  apiVersion: 1,
  summary:
    'Recognises refused requests in the access log of Traefik, in JSON or the common format.',
  options: z.strictObject({
    statuses: z
      .array(z.int().min(400).max(599))
      .min(1)
      .default([401, 403])
      .describe('answers that count, each as one match'),
  }),
  inject: [],
  suggested: 'bans who is refused by Traefik again and again',
  usualSources: () => usualSources,
  create: ({ options: { statuses } }) => {
    const json = structuredFilter(patternsOf(statuses), structure, { isProven: true });
    const common = new PatternSet(commonOf(statuses)).asFilter({ isProven: true });
    const read = (message: string) => (message.startsWith('{') ? json : common);
    return {
      programs: [null, 'traefik*'],
      match: (message, line) => read(message).match(message, line),
      explain: (message, line) => read(message).explain?.(message, line) ?? [],
    };
  },
});

const usualSources = [
  { name: 'file', options: { paths: ['/var/log/traefik/access.log'] } },
  { name: 'file', options: { paths: ['/var/log/traefik/*.log'] } },
  { name: 'journal', options: { units: ['traefik.service'] } },
] as const;
