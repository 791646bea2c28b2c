import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `pure-ftpd`: refused logins of Pure-FTPd. */
export default definePlugin({
  kind: 'filter',
  name: 'pure-ftpd',
  apiVersion: 1,
  summary: 'Recognises refused logins of Pure-FTPd, in each of its languages.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who guesses passwords of Pure-FTPd',
  usualSources: () => usualSources,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: ['pure-ftpd*'] }),
});

const usualSources = [
  { name: 'journal', options: { identifiers: ['pure-ftpd'] } },
  { name: 'file', options: { paths: ['/var/log/syslog'] } },
  { name: 'file', options: { paths: ['/var/log/messages'] } },
] as const;
