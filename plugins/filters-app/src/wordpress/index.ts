import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `wordpress`: refused logins of WordPress. */
export default definePlugin({
  kind: 'filter',
  name: 'wordpress',
  apiVersion: 1,
  summary: 'Recognises refused logins of WordPress, by a plugin of it or by the access log.',
  options: z.strictObject({}),
  inject: [],
  usualSources: () => usualSources,
  create: () => new PatternSet(patterns).asFilter({ programs: ['wordpress*', null] }),
});

const usualSources = [
  { name: 'journal', options: { identifiers: ['wordpress'] } },
  { name: 'file', options: { paths: ['/var/log/auth.log'] } },
  { name: 'file', options: { paths: ['/var/log/nginx/access.log'] } },
  { name: 'file', options: { paths: ['/var/log/apache2/*access.log'] } },
] as const;
