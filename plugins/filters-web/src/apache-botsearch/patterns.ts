import type { PatternTable } from '@remand/patterns';
import { accessParts } from '../access-log.ts';
import { apacheParts } from '../apache-error-log.ts';
import { probeParts } from '../probed-paths.ts';

/** Every message that is recognised: core.c, mod_cgi.c, and the access log. */
export const patterns: PatternTable = {
  parts: { ...apacheParts, ...accessParts, ...probeParts },
  patterns: [
    {
      id: 'no-such-file',
      versions: '2.2-',
      template:
        '{client}(File does not exist|script not found or unable to stat): {path}/{probed}{referer}',
    },
    {
      id: 'not-found',
      versions: '2.2-, common or combined',
      template:
        '{access}"{method:host} [{path:word without "?"}]/{probed}[?{query:word}] HTTP/{version:host}" 404 {rest}',
    },
  ],
};
