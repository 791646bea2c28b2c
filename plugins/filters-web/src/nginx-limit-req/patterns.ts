import type { PatternTable } from '@remand/patterns';
import { nginxParts } from '../nginx-error-log.ts';

/**
 * Requests over a limit: ngx_http_limit_req_module.c, ngx_http_limit_conn_module.c. What is only
 * delayed, or in a dry run, is said in other words.
 * @param zones those that count; none: all
 */
export function patternsOf(zones: readonly string[]): PatternTable {
  const zone = zones.length === 0 ? "{zone:text without '\"'}" : `(${zones.join('|')})`;
  return {
    parts: nginxParts,
    patterns: [
      {
        id: 'too-many-requests',
        versions: '0.7.21-',
        template: `{head}limiting requests, excess: {excess:word} by zone "${zone}"{client}[, {end:text}]`,
      },
      {
        id: 'too-many-connections',
        versions: '0.5.6-',
        template: `{head}limiting connections by zone "${zone}"{client}[, {end:text}]`,
      },
    ],
  };
}

/** As the table of the documentation and the tests have it. */
export const patterns: PatternTable = patternsOf([]);
