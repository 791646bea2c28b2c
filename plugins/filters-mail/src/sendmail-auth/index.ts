import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { sendmailPrograms, sendmailSources } from '../sendmail-parts.ts';
import { patterns } from './patterns.ts';

/** The filter `sendmail-auth`: refused logins of sendmail. */
export default definePlugin({
  kind: 'filter',
  name: 'sendmail-auth',
  apiVersion: 1,
  summary: 'Recognises refused logins of sendmail.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who guesses passwords of sendmail',
  usualSources: () => sendmailSources,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: sendmailPrograms }),
});
