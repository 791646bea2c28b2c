import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `vaultwarden`: refused logins of Vaultwarden. */
export default definePlugin({
  kind: 'filter',
  name: 'vaultwarden',
  apiVersion: 1,
  summary: 'Recognises refused logins of Vaultwarden, its administration and its second factor.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who guesses passwords of Vaultwarden',
  usualSources: () => usualSources,
  create: () =>
    new PatternSet(patterns).asFilter({
      isProven: true,
      programs: [null, 'vaultwarden*', 'bitwarden_rs*'],
    }),
});

const usualSources = [
  { name: 'journal', options: { units: ['vaultwarden.service'] } },
  { name: 'file', options: { paths: ['/var/lib/vaultwarden/vaultwarden.log'] } },
  { name: 'file', options: { paths: ['/var/log/vaultwarden/vaultwarden.log'] } },
] as const;
