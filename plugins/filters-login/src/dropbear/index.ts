import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `dropbear`: refused logins of Dropbear. */
export default definePlugin({
  kind: 'filter',
  name: 'dropbear',
  apiVersion: 1,
  summary: 'Recognises refused logins of Dropbear.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who guesses passwords of Dropbear',
  usualSources: () => usualSources,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: ['dropbear'] }),
});

const usualSources = [
  { name: 'journal', options: { identifiers: ['dropbear'] } },
  { name: 'file', options: { paths: ['/var/log/auth.log'] } },
  { name: 'file', options: { paths: ['/var/log/secure'] } },
] as const;
