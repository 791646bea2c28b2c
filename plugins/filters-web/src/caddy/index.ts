import { definePlugin } from '@remand/api';
import { structuredFilter } from '@remand/patterns';
import { z } from 'zod';
import { patternsOf, structure } from './patterns.ts';

/** The filter `caddy`: answers of Caddy that say no. */
export default definePlugin({
  kind: 'filter',
  name: 'caddy',
  apiVersion: 1,
  summary: 'Recognises refused requests in the access log of Caddy.',
  options: z.strictObject({
    statuses: z
      .array(z.int().min(400).max(599))
      .min(1)
      .default([401, 403])
      .describe('answers that count, each as one match'),
  }),
  inject: [],
  suggested: 'bans who is refused by Caddy again and again',
  usualSources: () => usualSources,
  create: ({ options: { statuses } }) =>
    structuredFilter(patternsOf(statuses), structure, {
      isProven: true,
      programs: [null, 'caddy*'],
    }),
});

const usualSources = [
  { name: 'file', options: { paths: ['/var/log/caddy/access.log'] } },
  { name: 'file', options: { paths: ['/var/log/caddy/*.log'] } },
  { name: 'journal', options: { units: ['caddy.service'] } },
] as const;
