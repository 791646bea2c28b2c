import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `postgresql`: refused logins of PostgreSQL. */
export default definePlugin({
  kind: 'filter',
  name: 'postgresql',
  apiVersion: 1,
  summary: 'Recognises refused logins of PostgreSQL.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who guesses passwords of PostgreSQL',
  usualSources: () => usualSources,
  create: () =>
    new PatternSet(patterns).asFilter({ isProven: true, programs: [null, 'postgres*'] }),
});

const usualSources = [
  { name: 'file', options: { paths: ['/var/log/postgresql/postgresql-*.log'] } },
  { name: 'journal', options: { identifiers: ['postgres'] } },
] as const;
