import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `asterisk`: refused calls and logins of Asterisk. */
export default definePlugin({
  kind: 'filter',
  name: 'asterisk',
  apiVersion: 1,
  summary: 'Recognises refused registrations, calls and logins of Asterisk.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who guesses extensions and passwords of Asterisk',
  usualSources: () => usualSources,
  create: () =>
    new PatternSet(patterns).asFilter({ isProven: true, programs: [null, 'asterisk*'] }),
});

const usualSources = [
  { name: 'file', options: { paths: ['/var/log/asterisk/messages.log'] } },
  { name: 'file', options: { paths: ['/var/log/asterisk/messages'] } },
  { name: 'file', options: { paths: ['/var/log/asterisk/security'] } },
] as const;
