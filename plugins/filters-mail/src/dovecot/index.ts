import { definePlugin } from '@remand/api';
import { forMode, type Modes, PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

const modes = {
  normal: ['normal'],
  aggressive: ['normal', 'aggressive'],
} as const satisfies Modes;

/** The filter `dovecot`: refused logins of Dovecot's IMAP, POP3, submission and Sieve. */
export default definePlugin({
  kind: 'filter',
  name: 'dovecot',
  apiVersion: 1,
  summary: 'Recognises refused logins and, by mode, connections without a login of Dovecot.',
  options: z.strictObject({
    mode: z
      .enum(['normal', 'aggressive'])
      .default('normal')
      .describe('normal: refused logins. aggressive: also connections without a login.'),
  }),
  inject: [],
  suggested: 'bans who guesses passwords of Dovecot',
  usualSources: () => usualSources,
  create: ({ options: { mode } }) =>
    new PatternSet(patterns, forMode(modes, mode)).asFilter({ isProven: true, programs }),
});

/** In syslog all is of `dovecot`; in a file of its own each process has its name. */
const programs = [
  'dovecot*',
  'auth*',
  'imap-login',
  'pop3-login',
  'submission-login',
  'managesieve-login',
  null,
];

const usualSources = [
  { name: 'journal', options: { units: ['dovecot.service'] } },
  { name: 'file', options: { paths: ['/var/log/mail.log'] } },
  { name: 'file', options: { paths: ['/var/log/maillog'] } },
] as const;
