import type { PatternTable } from '@remand/patterns';
import { nginxParts } from '../nginx-error-log.ts';

/** Every message that is recognised: ngx_http_auth_basic_module.c, ngx_event_openssl.c, ngx_http_auth_pam_module.c. */
export const patterns: PatternTable = {
  parts: {
    ...nginxParts,
    /** RFC 7617: the account ends at the first colon, so that it holds none. */
    account: '{user:text without ":" or \'"\'}',
    /** Nor does anything behind the address say the same again. */
    end: '[, {end:text without "was not found in "}]',
  },
  patterns: [
    {
      id: 'unknown-user',
      versions: '0.1-',
      mode: 'auth',
      template: '{head}user "{account}" was not found in "{file:text without \'"\'}"{client}{end}',
    },
    {
      id: 'wrong-password',
      versions: '0.1-',
      mode: 'auth',
      template: '{head}user "{account}": password mismatch{client}{end}',
    },
    {
      id: 'pam-refused',
      versions: 'ngx_http_auth_pam 1.2-',
      mode: 'auth',
      template:
        '{head}PAM: user \'{account}\' - not authenticated: {reason:text without ","}{client}{end}',
    },
    {
      id: 'tls-failed',
      versions: '0.1-',
      mode: 'fallback',
      template:
        '{head}(SSL_do_handshake|SSL_read)\\(\\) failed \\(SSL: {error:text without ", client: "}\\) while (SSL handshaking|waiting for request){client}{end}',
    },
  ],
};
