import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patternsBehind, usualPrefixes } from './patterns.ts';

/** The filter `port-scan`: connections that a firewall of Linux refused and logged. */
export default definePlugin({
  kind: 'filter',
  name: 'port-scan',
  apiVersion: 1,
  summary: 'Recognises connections that the firewall refused, by the log of the kernel.',
  options: z.strictObject({
    prefixes: z
      .array(z.string().min(1).max(60))
      .min(1)
      .default([...usualPrefixes])
      .describe(
        'how what the rules write before a refused packet begins; a list replaces the default',
      ),
  }),
  inject: [],
  usualSources: () => usualSources,
  create: ({ options: { prefixes } }) =>
    new PatternSet(patternsBehind(prefixes)).asFilter({
      isProven: prefixes.every((prefix) => usualPrefixes.includes(prefix)),
      programs: ['kernel'],
    }),
});

const usualSources = [
  { name: 'journal', options: { matches: ['_TRANSPORT=kernel'] } },
  { name: 'file', options: { paths: ['/var/log/kern.log'] } },
  { name: 'file', options: { paths: ['/var/log/messages'] } },
] as const;
