import type { PatternTable, Structure } from '@remand/patterns';
import { accessParts } from '../access-log.ts';
import { probeParts } from '../probed-paths.ts';

/** Methods that a browser never uses on a site of others. */
export const badMethods: readonly string[] = [
  'CONNECT',
  'TRACE',
  'TRACK',
  'DEBUG',
  'PROPFIND',
  'SEARCH',
];

/** What counts: each answer that is one of these is one match. */
export interface Counted {
  readonly statuses: readonly number[];
  readonly methods: readonly string[];
  /** Whether paths that only attackers ask for count, unless they are there. */
  readonly probes: boolean;
}

/**
 * The common and the combined format, also with a virtual host in front and anything behind. The
 * servers escape quotation marks in what the client says: nginx as `\\x22`, Apache as `\\"`.
 */
export function patternsOf({ statuses, methods, probes }: Counted): PatternTable {
  const request = '"{method:host} {path:word} HTTP/{version:host}"';
  // The format `main` of nginx, and whoever writes X-Forwarded-For at the end.
  const rest =
    '[ "{referer:text without \'"\'}" "{agent:text without \'"\'}" "{forwarded:text without \'"\'}"]{rest}';
  const entries = [
    {
      id: 'status',
      wanted: statuses.length > 0,
      template: `{access}${request} (${statuses.join('|')}) {bytes:host}${rest}`,
    },
    {
      id: 'no-request',
      wanted: statuses.includes(400),
      template: `{access}"{request:text without '"' except GET *|POST *|HEAD *}" 400 {bytes:host}${rest}`,
    },
    {
      id: 'method',
      wanted: methods.length > 0,
      template: `{access}"(${methods.join('|')}) {path:word} HTTP/{version:host}" {status:number} {bytes:host}${rest}`,
    },
    {
      id: 'probe',
      wanted: probes,
      template:
        '{access}"{method:host} [{path:word without "?"}]/{probed}[?{query:word}] HTTP/{version:host}" (301|302|307|308|400|403|404|405|410|444|500) {bytes:host}' +
        rest,
    },
  ];
  return {
    parts: { ...accessParts, ...probeParts },
    patterns: entries
      .filter(({ wanted }) => wanted)
      .map(({ id, template }) => ({ id, template, versions: 'common, combined' })),
  };
}

/** As the table of the documentation and the tests have it. */
export const patterns: PatternTable = patternsOf({
  statuses: [400, 401, 403, 404],
  methods: badMethods,
  probes: true,
});

/** The usual names for the address of the client in access logs in JSON, in the order in which they are tried. */
const addressFields = ['client_ip', 'remote_ip', 'remote_addr', 'clientip', 'ip', 'c-ip'] as const;

/** Fields of the log_format or LogFormat of many administrators. */
export const structure: Structure = {
  format: 'json',
  fields: [...addressFields, 'status', 'response', 'http_x_forwarded_for'],
};

/** The same answers in JSON: the first address that there is. */
export function jsonPatternsOf({ statuses }: Pick<Counted, 'statuses'>): PatternTable {
  const answer = `(${statuses.join('|')})`;
  return {
    parts: { other: '{other:text without "|"}' },
    patterns: addressFields.map((field, index) => ({
      id: `json-${field.replace('_', '-')}`,
      versions: 'JSON',
      template: `${'\\|'.repeat(index)}{address}${'\\|{other}'.repeat(addressFields.length - index - 1)}\\|(${answer}\\||\\|${answer})\\|{forwarded:text without "|"}`,
    })),
  };
}
