import { definePlugin } from '@remand/api';
import { structuredFilter } from '@remand/patterns';
import { z } from 'zod';
import { patterns, structure } from './patterns.ts';

/** The filter `nextcloud`: refused logins of Nextcloud. */
export default definePlugin({
  kind: 'filter',
  name: 'nextcloud',
  apiVersion: 1,
  summary: 'Recognises refused logins of Nextcloud, its second factor included.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who guesses passwords of Nextcloud',
  usualSources: () => usualSources,
  create: () =>
    structuredFilter(patterns, structure, {
      isProven: true,
      programs: [null, 'Nextcloud*', 'nextcloud*'],
    }),
});

const usualSources = [
  { name: 'file', options: { paths: ['/var/www/nextcloud/data/nextcloud.log'] } },
  { name: 'file', options: { paths: ['/var/log/nextcloud/nextcloud.log'] } },
  { name: 'file', options: { paths: ['/var/lib/nextcloud/data/nextcloud.log'] } },
  { name: 'journal', options: { identifiers: ['Nextcloud'] } },
] as const;
