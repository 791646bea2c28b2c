import { definePlugin } from '@remand/api';
import { forMode, type Modes, PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { sendmailPrograms, sendmailSources } from '../sendmail-parts.ts';
import { patterns } from './patterns.ts';

const modes = {
  normal: ['normal'],
  extra: ['normal', 'extra'],
  aggressive: ['normal', 'extra', 'aggressive'],
} as const satisfies Modes;

/** The filter `sendmail-reject`: what sendmail refuses. */
export default definePlugin({
  kind: 'filter',
  name: 'sendmail-reject',
  apiVersion: 1,
  summary: 'Recognises refused mails and, by mode, connections for nothing of sendmail.',
  options: z.strictObject({
    mode: z
      .enum(['normal', 'extra', 'aggressive'])
      .default('normal')
      .describe(
        'normal: refused mails. extra: also connections without a mail. aggressive: also lost ' +
          'connections and failed TLS.',
      ),
  }),
  inject: [],
  usualSources: () => sendmailSources,
  create: ({ options: { mode } }) =>
    new PatternSet(patterns, forMode(modes, mode)).asFilter({
      isProven: true,
      programs: sendmailPrograms,
    }),
});
