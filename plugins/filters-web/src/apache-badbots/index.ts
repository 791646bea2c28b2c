import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { apacheAccessLog } from '../access-log.ts';
import { patternsOf, usualAgents } from './patterns.ts';

/** The filter `apache-badbots`: programs that say that they look for holes. */
export default definePlugin({
  kind: 'filter',
  name: 'apache-badbots',
  apiVersion: 1,
  summary: 'Recognises scanners and harvesters by the name that they give themselves.',
  options: z.strictObject({
    agents: z
      .array(z.string().min(3).max(100))
      .min(1)
      .default([...usualAgents])
      .describe(
        'how the User-Agent begins, also behind `Mozilla/… (compatible; `; a list replaces the default',
      ),
  }),
  inject: [],
  usualSources: () => apacheAccessLog,
  create: ({ options: { agents } }) =>
    new PatternSet(patternsOf(agents)).asFilter({
      isProven: agents.every((agent) => usualAgents.includes(agent)),
      programs: [null],
    }),
});
