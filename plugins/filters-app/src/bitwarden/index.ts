import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `bitwarden`: refused logins of the server of Bitwarden. */
export default definePlugin({
  kind: 'filter',
  name: 'bitwarden',
  apiVersion: 1,
  summary: 'Recognises refused logins of the server of Bitwarden, its second factor included.',
  options: z.strictObject({}),
  inject: [],
  usualSources: () => usualSources,
  create: () =>
    new PatternSet(patterns).asFilter({ isProven: true, programs: [null, 'bitwarden*'] }),
});

const usualSources = [
  { name: 'file', options: { paths: ['/opt/bitwarden/bwdata/logs/identity/Identity/*.txt'] } },
  { name: 'journal', options: { identifiers: ['bitwarden-identity'] } },
] as const;
