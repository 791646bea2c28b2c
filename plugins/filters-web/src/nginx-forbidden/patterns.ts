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
      // The path is the client's text, and a second client in the line would be, too.
      id: 'no-index',
      versions: '0.1-',
      template:
        '{head}directory index of "{path:text without ", client: "}" is forbidden{client}[, {end:text without ", client: "}]',
    },
  ],
};
