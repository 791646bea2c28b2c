import { definePlugin } from '@remand/api';
import { forMode, type Modes, PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { nginxErrorLog, nginxPrograms } from '../nginx-error-log.ts';
import { patterns } from './patterns.ts';

const modes = {
  normal: ['auth'],
  auth: ['auth'],
  fallback: ['fallback'],
  aggressive: ['auth', 'fallback'],
} as const satisfies Modes;

/** The filter `nginx-http-auth`: refused logins of nginx, by its error log. */
export default definePlugin({
  kind: 'filter',
  name: 'nginx-http-auth',
  apiVersion: 1,
  summary: 'Recognises refused logins (HTTP Basic) and, by mode, failed TLS of nginx.',
  options: z.strictObject({
    mode: z
      .enum(['normal', 'auth', 'fallback', 'aggressive'])
      .default('normal')
      .describe('normal and auth: refused logins. fallback: failed TLS. aggressive: both.'),
  }),
  inject: [],
  suggested: 'bans who guesses passwords of nginx',
  usualSources: () => nginxErrorLog,
  create: ({ options: { mode } }) =>
    new PatternSet(patterns, forMode(modes, mode)).asFilter({
      isProven: true,
      programs: nginxPrograms,
    }),
});
