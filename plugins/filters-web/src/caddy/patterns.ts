import type { PatternTable, Structure } from '@remand/patterns';

/** `client_ip` is the client, also behind a proxy that Caddy trusts (`trusted_proxies`). */
export const structure: Structure = {
  format: 'json',
  fields: ['request.client_ip', 'request.remote_ip', 'request.remote_addr', 'status', 'msg'],
};

/** An answer that counts, in the access log: caddyhttp/logging.go, marshalers.go. */
export function patternsOf(statuses: readonly number[]): PatternTable {
  const answer = `(${statuses.join('|')})\\|handled request`;
  return {
    parts: { other: '{other:text without "|"}' },
    patterns: [
      {
        id: 'client-ip',
        versions: '2.7-',
        template: `{address}\\|{other}\\|{other}\\|${answer}`,
      },
      { id: 'remote-ip', versions: '2.5-2.6', template: `\\|{address}\\|{other}\\|${answer}` },
      {
        id: 'remote-addr',
        versions: '2.0-2.4',
        template: `\\|\\|({address:address4}|\\[{address}\\]):{port}\\|${answer}`,
      },
    ],
  };
}

/** As the table of the documentation and the tests have it. */
export const patterns: PatternTable = patternsOf([401, 403]);
