import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { apacheErrorLog, apachePrograms } from '../apache-error-log.ts';
import { patterns } from './patterns.ts';

/** The filter `apache-botsearch`: who looks for holes that are not there. */
export default definePlugin({
  kind: 'filter',
  name: 'apache-botsearch',
  apiVersion: 1,
  summary: 'Recognises requests to Apache for well-known holes that are not there.',
  options: z.strictObject({}),
  inject: [],
  suggested: 'bans who looks for well-known holes on Apache',
  usualSources: () => apacheErrorLog,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: apachePrograms }),
});
