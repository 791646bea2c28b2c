import type { PatternTable, Structure } from '@remand/patterns';
import { accessParts } from '../access-log.ts';

export const structure: Structure = {
  format: 'json',
  fields: ['ClientHost', 'DownstreamStatus', 'ClientUsername'],
};

/** An answer that counts, in the access log in the common format: pkg/middlewares/accesslog. */
export function commonOf(statuses: readonly number[]): PatternTable {
  return {
    parts: accessParts,
    patterns: [
      {
        id: 'common',
        versions: '1.4-',
        template: `{access}"{method:host} {path:word} {protocol:word}" (${statuses.join('|')}) {rest}`,
      },
    ],
  };
}

/** The same in JSON. */
export function patternsOf(statuses: readonly number[]): PatternTable {
  return {
    patterns: [
      {
        id: 'json',
        versions: '1.4-',
        template: `{address}\\|(${statuses.join('|')})\\|{user:text}`,
      },
    ],
  };
}

/** As the table of the documentation and the tests have it. */
export const patterns: PatternTable = patternsOf([401, 403]);
