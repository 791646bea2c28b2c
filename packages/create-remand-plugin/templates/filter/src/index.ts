import { definePlugin } from '@remand/api';
import { z } from 'zod';

/** Anchored at both ends, and each part stops where the next begins: one reading, linear time. */
const refused = /^login refused for (?<user>.*) from (?<address>[0-9a-f.:]+)$/;

export default definePlugin({
  kind: 'filter',
  name: '{{name}}',
  apiVersion: 1,
  summary: '{{summary}}',
  options: z.strictObject({}),
  inject: [],
  create: () => ({
    // Lines of other programs, and those that begin otherwise, are never offered.
    programs: ['myapp'],
    prefixes: ['login refused for '],
    match: (message) => {
      const { user, address } = refused.exec(message)?.groups ?? {};
      if (address === undefined) return undefined;
      return user === undefined ? { address } : { address, user };
    },
  }),
});
