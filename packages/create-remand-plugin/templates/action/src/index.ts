import { definePlugin } from '@remand/api';
import { z } from 'zod';
import { ListFile } from './list-file.ts';

export default definePlugin({
  kind: 'action',
  name: '{{name}}',
  apiVersion: 1,
  summary: '{{summary}}',
  options: z.strictObject({
    path: z
      .string()
      .startsWith('/', 'an absolute path')
      .describe('The file with one banned address a line. It is remand’s alone.'),
  }),
  inject: [],
  // Everything in the file is ours, and all jails share it.
  ownership: 'own',
  scope: 'host',
  listKey: ({ path }) => `{{name}}:${path}`,
  create: ({ options }) => new ListFile(options.path),
});
