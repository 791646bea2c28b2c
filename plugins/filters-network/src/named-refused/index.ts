import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `named-refused`: what BIND refuses. */
export default definePlugin({
  kind: 'filter',
  name: 'named-refused',
  apiVersion: 1,
  summary: 'Recognises queries, transfers and updates that BIND refuses.',
  options: z.strictObject({}),
  inject: [],
  usualSources: () => usualSources,
  create: () =>
    new PatternSet(patterns).asFilter({
      isProven: true,
      programs: [null, 'named', 'security', 'update-security', 'query-errors', 'xfer-out'],
    }),
});

const usualSources = [
  { name: 'journal', options: { identifiers: ['named'] } },
  { name: 'file', options: { paths: ['/var/log/named/security.log'] } },
  { name: 'file', options: { paths: ['/var/log/syslog'] } },
  { name: 'file', options: { paths: ['/var/log/messages'] } },
] as const;
