import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { nginxErrorLog, nginxPrograms } from '../nginx-error-log.ts';
import { patterns } from './patterns.ts';

/** The filter `nginx-botsearch`: who looks for holes that are not there. */
export default definePlugin({
  kind: 'filter',
  name: 'nginx-botsearch',
  apiVersion: 1,
  summary: 'Recognises requests to nginx for well-known holes that are not there.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who looks for well-known holes on nginx',
  usualSources: () => nginxErrorLog,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: nginxPrograms }),
});
