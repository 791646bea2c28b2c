import { definePlugin, type OptionsSchema } from '@remand/api';
import { z } from 'zod';

/** One of nineteen other services: a filter that dispatches on a program of its own. */
export default definePlugin({
  kind: 'filter',
  name: 'service',
  apiVersion: 1,
  summary: 'A service that is not in the log.',
  options: z.strictObject({ program: z.string() }) as OptionsSchema<
    { program: string },
    { program: string }
  >,
  inject: [],
  create: ({ options }) => ({
    programs: [options.program],
    prefixes: ['login failed for ', 'refused ', 'authentication error '],
    match: (message) => {
      const [, address] =
        /^(?:login failed for|refused|authentication error) (\S+)$/.exec(message) ?? [];
      return address === undefined ? undefined : { address };
    },
  }),
});
