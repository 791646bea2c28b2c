import { definePlugin, type FilterPlugin, type OptionsSchema } from '@remand/api';
import { anyOptions } from './any-options.ts';

/** What `scriptedFilter` makes; the options of the rc are ignored. */
export type ScriptedFilter = FilterPlugin<OptionsSchema, readonly []>;

const abuse = /^abuse from (\S+)(?: user (.+))?$/;

/** A filter that matches the messages `abuse from ADDRESS` and `abuse from ADDRESS user USER`. */
export function scriptedFilter(
  given: {
    readonly name?: string;
    readonly programs?: readonly string[];
    readonly prefixes?: readonly string[];
  } = {},
): ScriptedFilter {
  const { name = 'scripted', ...wanted } = given;
  return definePlugin({
    kind: 'filter',
    name,
    apiVersion: 1,
    summary: 'Matches what a test writes.',
    options: anyOptions,
    inject: [],
    create: () => ({
      ...wanted,
      match: (message) => {
        const [, address, user] = abuse.exec(message) ?? [];
        if (address === undefined) return undefined;
        return user === undefined ? { address } : { address, user };
      },
    }),
  });
}
