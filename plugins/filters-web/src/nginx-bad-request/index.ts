import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { nginxAccessLog } from '../access-log.ts';
import { patterns } from './patterns.ts';

/** The filter `nginx-bad-request`: requests that are answered with 400. */
export default definePlugin({
  kind: 'filter',
  name: 'nginx-bad-request',
  apiVersion: 1,
  summary: 'Recognises requests that nginx answers with 400, by its access log.',
  options: z.strictObject({}),
  inject: [],
  usualSources: () => nginxAccessLog,
  create: () => new PatternSet(patterns).asFilter({ isProven: true, programs: [null, 'nginx*'] }),
});
