import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `vsftpd`: refused logins of vsftpd, by its own log or by PAM. */
export default definePlugin({
  kind: 'filter',
  name: 'vsftpd',
  apiVersion: 1,
  summary: 'Recognises refused logins of vsftpd.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who guesses passwords of vsftpd',
  usualSources: () => usualSources,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: [null, 'vsftpd*'] }),
});

const usualSources = [
  { name: 'file', options: { paths: ['/var/log/vsftpd.log'] } },
  { name: 'journal', options: { identifiers: ['vsftpd'] } },
] as const;
