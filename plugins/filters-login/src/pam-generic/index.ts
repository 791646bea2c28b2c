import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `pam-generic`: refused logins of whatever asks PAM. */
export default definePlugin({
  kind: 'filter',
  name: 'pam-generic',
  apiVersion: 1,
  summary: 'Recognises refused logins of every service that asks PAM.',
  options: z.strictObject({
    exceptServices: z
      .array(z.string().min(1).max(60))
      .default([])
      .describe('services of PAM that do not count, because another jail has them (`sshd`)'),
  }),
  inject: [],
  usualSources: () => usualSources,
  // No `programs`: each service logs under its own name.
  create: ({ options: { exceptServices } }) =>
    new PatternSet(patterns, { except: { service: exceptServices } }).asFilter({ isProven: true }),
});

const usualSources = [
  { name: 'journal', options: { matches: ['_TRANSPORT=syslog'] } },
  { name: 'file', options: { paths: ['/var/log/auth.log'] } },
  { name: 'file', options: { paths: ['/var/log/secure'] } },
] as const;
