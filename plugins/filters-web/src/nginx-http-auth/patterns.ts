import type { PatternTable } from '@remand/patterns';
import { nginxParts } from '../nginx-error-log.ts';

/** Every message that is recognised: ngx_http_auth_basic_module.c, ngx_event_openssl.c, ngx_http_auth_pam_module.c. */
export const patterns: PatternTable = {
  parts: {
    ...nginxParts,
    /** RFC 7617: the account ends at the first colon, so that it holds none. */
    account: '{user:text without ":" or \'"\'}',
    /**
     * The rest in nginx's order. A request line with a space in its path is refused before anybody is
     * asked for a password, and a Host with a quotation mark too; the referrer may be anything.
     */
    end: '[, server: {server:text without ","}[, request: "{request:text without \'", host: "\'}"[, upstream: "{upstream:text without \'"\'}"][, host: "{host:text without \'"\'}"][, referrer: "{rest}]]]',
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
        '{head}(SSL_do_handshake|SSL_read)\\(\\) failed \\(SSL: {error:text without ", client: "}\\) while (SSL handshaking|waiting for request|processing HTTP/2 connection){client}{end}',
    },
  ],
};
