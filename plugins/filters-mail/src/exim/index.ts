import { definePlugin } from '@remand/api';
import { forMode, type Modes, PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

const modes = {
  normal: ['normal'],
  more: ['normal', 'more'],
  aggressive: ['normal', 'more', 'aggressive'],
} as const satisfies Modes;

/** The filter `exim`: abuse of Exim, by its main or its reject log. */
export default definePlugin({
  kind: 'filter',
  name: 'exim',
  apiVersion: 1,
  summary: 'Recognises refused logins and recipients and, by mode, broken SMTP of Exim.',
  options: z.strictObject({
    mode: z
      .enum(['normal', 'more', 'aggressive'])
      .default('normal')
      .describe(
        'normal: refused logins and recipients. more: also clients that do not talk SMTP as one ' +
          'does. aggressive: also what honest but badly kept machines do.',
      ),
  }),
  inject: [],
  suggested: 'bans who abuses Exim: guessed passwords, relaying, unknown recipients',
  usualSources: () => usualSources,
  create: ({ options: { mode } }) =>
    new PatternSet(patterns, forMode(modes, mode)).asFilter({
      isProven: true,
      programs: [null, 'exim*'],
    }),
});

const usualSources = [
  { name: 'file', options: { paths: ['/var/log/exim4/mainlog'] } },
  { name: 'file', options: { paths: ['/var/log/exim/main.log'] } },
] as const;
