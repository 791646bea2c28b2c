import { definePlugin, pluginTokens } from '@remand/api';
import { z } from 'zod';
import { GrowingFile } from './growing-file.ts';

export default definePlugin({
  kind: 'source',
  name: '{{name}}',
  apiVersion: 1,
  summary: '{{summary}}',
  options: z.strictObject({
    path: z.string().startsWith('/', 'an absolute path').describe('The file that is followed.'),
  }),
  inject: [pluginTokens.clock],
  create: ({ uses }, clock) => {
    const files = uses.map((use) => new GrowingFile(use.id, use.options.path, clock));
    return {
      start: async (feed) => {
        for (const file of files) file.start(feed);
      },
      stop: async () => {
        await Promise.all(files.map((file) => file.stop()));
      },
    };
  },
});
