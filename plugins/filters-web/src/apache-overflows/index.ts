import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { apacheErrorLog, apachePrograms } from '../apache-error-log.ts';
import { patterns } from './patterns.ts';

/** The filter `apache-overflows`: requests that are too long or no HTTP. */
export default definePlugin({
  kind: 'filter',
  name: 'apache-overflows',
  apiVersion: 1,
  summary: 'Recognises requests to Apache that are too long or no HTTP.',
  options: z.strictObject({}),
  inject: [],
  usualSources: () => apacheErrorLog,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: apachePrograms }),
});
