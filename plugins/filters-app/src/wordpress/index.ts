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
  options: z.strictObject({
    xmlRpc: z
      .boolean()
      .default(false)
      .describe('whether each POST to xmlrpc.php in an access log counts, whatever its answer'),
  }),
  inject: [],
  usualSources: () => usualSources,
  create: ({ options: { xmlRpc } }) =>
    new PatternSet(patterns, {
      isOn: ({ mode }) => xmlRpc || mode !== 'xmlRpc',
      wantedFor: () => 'the option xmlRpc: true',
    }).asFilter({ isProven: true, programs: ['wordpress*', 'wp(*', null] }),
});

const usualSources = [
  { name: 'journal', options: { identifiers: ['wordpress'] } },
  { name: 'file', options: { paths: ['/var/log/auth.log'] } },
  { name: 'file', options: { paths: ['/var/log/nginx/access.log'] } },
  { name: 'file', options: { paths: ['/var/log/apache2/*access.log'] } },
] as const;
