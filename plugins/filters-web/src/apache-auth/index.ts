import { definePlugin } from '@remand/api';
import { forMode, type Modes, PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { apacheErrorLog, apachePrograms } from '../apache-error-log.ts';
import { patterns } from './patterns.ts';

const modes = {
  normal: ['normal'],
  aggressive: ['normal', 'aggressive'],
} as const satisfies Modes;

/** The filter `apache-auth`: refused logins of Apache, by its error log. */
export default definePlugin({
  kind: 'filter',
  name: 'apache-auth',
  apiVersion: 1,
  summary: 'Recognises refused logins (Basic, Digest) and access that Apache denies.',
  options: z.strictObject({
    mode: z
      .enum(['normal', 'aggressive'])
      .default('normal')
      .describe('aggressive: also what mod_evasive denies, which is too much, not wrong.'),
  }),
  inject: [],
  suggested: 'bans who guesses passwords of Apache',
  usualSources: () => apacheErrorLog,
  create: ({ options: { mode } }) =>
    new PatternSet(patterns, forMode(modes, mode)).asFilter({
      isProven: true,
      programs: apachePrograms,
    }),
});
