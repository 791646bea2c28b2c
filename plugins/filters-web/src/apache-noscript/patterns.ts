import type { PatternTable } from '@remand/patterns';
import { apacheParts } from '../apache-error-log.ts';

/** Every message that is recognised: core.c, mod_cgi.c, mod_php, mod_proxy_fcgi.c. */
export const patterns: PatternTable = {
  parts: { ...apacheParts, script: '(.php|.php5|.phtml|.asp|.aspx|.exe|.pl|.cgi|.jsp|.py|.sh)' },
  patterns: [
    {
      id: 'no-such-script',
      versions: '2.2-',
      template:
        '{client}(File does not exist|script not found or unable to stat): {path}{script}{referer}',
    },
    {
      id: 'no-such-php-script',
      versions: '2.2-, mod_php',
      template: "{client}script '{script:text without \"'\"}' not found or unable to stat{referer}",
    },
    {
      id: 'no-such-fpm-script',
      versions: '2.4-, mod_proxy_fcgi',
      template: "{client}Got error 'Primary script unknown{rest}",
    },
  ],
};
