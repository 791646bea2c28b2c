import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `roundcube`: refused logins of Roundcube. */
export default definePlugin({
  kind: 'filter',
  name: 'roundcube',
  apiVersion: 1,
  summary: 'Recognises refused logins of Roundcube.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who guesses passwords of Roundcube',
  usualSources: () => usualSources,
  create: () =>
    new PatternSet(patterns).asFilter({ isProven: true, programs: [null, 'roundcube'] }),
});

const usualSources = [
  { name: 'file', options: { paths: ['/var/log/roundcube/errors.log'] } },
  { name: 'file', options: { paths: ['/var/log/roundcube/userlogins.log'] } },
  { name: 'journal', options: { identifiers: ['roundcube'] } },
] as const;
