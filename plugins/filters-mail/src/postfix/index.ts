import { definePlugin } from '@remand/api';
import { forMode, type Modes, PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

const modes = {
  normal: ['normal', 'errors'],
  rbl: ['rbl'],
  errors: ['errors'],
  auth: ['auth'],
  sasl: ['auth'],
  ddos: ['ddos'],
  more: ['normal', 'errors', 'rbl'],
  extra: ['normal', 'errors', 'rbl', 'auth'],
  aggressive: ['normal', 'errors', 'rbl', 'auth', 'ddos', 'aggressive'],
} as const satisfies Modes;

/** The filter `postfix`: abuse of Postfix, by the messages of smtpd and postscreen. */
export default definePlugin({
  kind: 'filter',
  name: 'postfix',
  apiVersion: 1,
  summary: 'Recognises refused mails and, by mode, refused logins and connections of Postfix.',
  options: z.strictObject({
    mode: z
      .enum(['normal', 'rbl', 'errors', 'auth', 'sasl', 'ddos', 'more', 'extra', 'aggressive'])
      .default('more')
      .describe(
        'normal: refused mails. rbl: clients on a block list. errors: too many mistakes. ' +
          'auth, or sasl: refused logins. ddos: connections for nothing. more: normal and rbl. ' +
          'extra: more and auth. aggressive: all of it.',
      ),
    syslogNames: z
      .array(z.string().regex(/^[\w.-]{1,60}$/))
      .min(1)
      .default(['postfix'])
      .describe('how the names in the log begin, as syslog_name of main.cf has them'),
  }),
  inject: [],
  suggested: 'bans who abuses Postfix: relaying, unknown recipients, block lists',
  usualSources: () => usualSources,
  create: ({ options: { mode, syslogNames } }) =>
    new PatternSet(patterns, forMode(modes, mode)).asFilter({
      isProven: true,
      programs: syslogNames.map((name) => `${name}*`),
    }),
});

/** Debian has a unit for each instance since 11, and one for all in 13, as Red Hat has. */
const usualSources = [
  {
    name: 'journal',
    options: { units: ['postfix@-.service', 'postfix.service'] },
  },
  { name: 'file', options: { paths: ['/var/log/mail.log'] } },
  { name: 'file', options: { paths: ['/var/log/maillog'] } },
] as const;
