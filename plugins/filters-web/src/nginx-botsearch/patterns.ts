import type { PatternTable } from '@remand/patterns';
import { accessParts } from '../access-log.ts';
import { nginxParts } from '../nginx-error-log.ts';
import { probeParts } from '../probed-paths.ts';

/** Every message that is recognised: ngx_http_static_module.c, ngx_http_fastcgi_module.c, and the access log. */
export const patterns: PatternTable = {
  parts: { ...nginxParts, ...accessParts, ...probeParts },
  patterns: [
    {
      // The path is the client's text and may look like the rest: what is said twice is no match.
      id: 'no-such-file',
      versions: '0.1-',
      programs: [null, 'nginx*'],
      template:
        '{head}open\\(\\) "{root:text without \'"\'}/{probed}" failed \\(2: No such file or directory\\){client}[, {end:text without \'" failed (\'}]',
    },
    {
      id: 'no-such-script',
      versions: '0.8-',
      programs: [null, 'nginx*'],
      template:
        '{head}FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream{client}[, {end:text}]',
    },
    {
      id: 'not-found',
      versions: '0.1-, combined',
      programs: [null, 'nginx*'],
      template:
        '{access}"{method:host} [{path:word without "?"}]/{probed}[?{query:word}] HTTP/{version:host}" 404 {rest}',
    },
  ],
};
