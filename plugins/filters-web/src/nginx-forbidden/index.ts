import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { nginxErrorLog, nginxPrograms } from '../nginx-error-log.ts';
import { patterns } from './patterns.ts';

/** The filter `nginx-forbidden`: what nginx forbids. */
export default definePlugin({
  kind: 'filter',
  name: 'nginx-forbidden',
  apiVersion: 1,
  summary: 'Recognises requests that nginx forbids by a rule or for want of an index.',
  options: z.strictObject({}),
  inject: [],
  usualSources: () => nginxErrorLog,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: nginxPrograms }),
});
