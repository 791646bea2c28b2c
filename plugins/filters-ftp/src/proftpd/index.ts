import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `proftpd`: refused logins of ProFTPD. */
export default definePlugin({
  kind: 'filter',
  name: 'proftpd',
  apiVersion: 1,
  summary: 'Recognises refused logins of ProFTPD.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who guesses passwords of ProFTPD',
  usualSources: () => usualSources,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: [null, 'proftpd*'] }),
});

const usualSources = [
  { name: 'file', options: { paths: ['/var/log/proftpd/proftpd.log'] } },
  { name: 'journal', options: { identifiers: ['proftpd'] } },
] as const;
