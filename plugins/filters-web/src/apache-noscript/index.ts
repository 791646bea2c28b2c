import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { apacheErrorLog, apachePrograms } from '../apache-error-log.ts';
import { patterns } from './patterns.ts';

/** The filter `apache-noscript`: who looks for scripts that are not there. */
export default definePlugin({
  kind: 'filter',
  name: 'apache-noscript',
  apiVersion: 1,
  summary: 'Recognises requests to Apache for scripts that are not there.',
  options: z.strictObject({}),
  inject: [],
  usualSources: () => apacheErrorLog,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: apachePrograms }),
});
