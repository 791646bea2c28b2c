import type { PatternTable } from '@remand/patterns';
import { nginxParts } from '../nginx-error-log.ts';

/** Every message that is recognised: ngx_http_access_module.c, ngx_http_core_module.c, ngx_http_autoindex_module.c. */
export const patterns: PatternTable = {
  parts: nginxParts,
  patterns: [
    {
      id: 'by-rule',
      versions: '0.1-',
      template: '{head}access forbidden by rule{client}[, {end:text}]',
    },
    {
      // The path is the client's text and may look like the rest: what is said twice is no match.
      id: 'no-index',
      versions: '0.1-',
      template:
        '{head}directory index of "{path:text without \'"\'}" is forbidden{client}[, {end:text without \'" is forbidden\'}]',
    },
  ],
};
