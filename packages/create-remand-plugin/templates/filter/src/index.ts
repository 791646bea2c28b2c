import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

export default definePlugin({
  kind: 'filter',
  name: '{{name}}',
  apiVersion: 1,
  summary: '{{summary}}',
  options: z.strictObject({}),
  inject: [],
  // Lines of other programs are never offered.
  create: () => new PatternSet(patterns).asFilter({ programs: ['myapp'] }),
});
