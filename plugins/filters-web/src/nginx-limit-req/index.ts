import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { nginxErrorLog, nginxPrograms } from '../nginx-error-log.ts';
import { patternsOf } from './patterns.ts';

/** The filter `nginx-limit-req`: clients over a limit of nginx. */
export default definePlugin({
  kind: 'filter',
  name: 'nginx-limit-req',
  apiVersion: 1,
  summary: 'Recognises clients over a limit_req or limit_conn of nginx.',
  options: z.strictObject({
    zones: z
      .array(
        z.string().regex(/^[\w.-]{1,60}$/, 'wanted the name of a zone: letters, digits, _ . and -'),
      )
      .default([])
      .describe('zones of limit_req_zone and limit_conn_zone that count; none: all of them'),
  }),
  inject: [],
  usualSources: () => nginxErrorLog,
  create: ({ options: { zones } }) =>
    new PatternSet(patternsOf(zones)).asFilter({ isProven: true, programs: nginxPrograms }),
});
