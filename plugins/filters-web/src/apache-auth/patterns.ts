import type { PatternEntry, PatternTable } from '@remand/patterns';
import { apacheParts } from '../apache-error-log.ts';

/** mod_auth_basic.c, mod_authz_*.c and what stands in for them; since 2.4 with a number. */
const basic: readonly PatternEntry[] = [
  { id: 'denied', template: '{client}client denied by server configuration: {rest}' },
  { id: 'unknown-user', template: '{client}user {user:text} not found[: {uri:text}]' },
  {
    id: 'wrong-password',
    template: '{client}user {user:text}: authentication failure for "{rest}',
  },
  { id: 'not-authorised', template: '{client}user {user:text}: authorization failure for "{rest}' },
  {
    id: 'not-the-owner',
    template: '{client}Authorization of user {user:text} to access {rest}',
  },
  { id: 'wrong-scheme', template: '{client}client used wrong authentication scheme: {rest}' },
];

/** mod_auth_digest.c. A nonce whose hash is wrong is one of an earlier start of the server. */
const digest: readonly PatternEntry[] = [
  {
    id: 'digest-wrong-password',
    template: '{client}{digest}user {user:text}: password mismatch: {rest}',
  },
  {
    id: 'digest-unknown-user',
    template: "{client}{digest}user `{user:text}' in realm `{rest}",
  },
  { id: 'digest-qop', template: '{client}{digest}invalid qop `{rest}' },
  {
    id: 'digest-nonce',
    template:
      '{client}{digest}invalid nonce {nonce:word} received - (length is not {number}|user attempted time travel){rest}',
  },
  { id: 'digest-realm', template: '{client}{digest}realm mismatch - got `{rest}' },
  { id: 'digest-algorithm', template: '{client}{digest}unknown algorithm `{rest}' },
];

/** ssl_engine_kernel.c: names in TLS and in HTTP that do not go together. */
const names: readonly PatternEntry[] = [
  {
    id: 'name-in-tls-alone',
    template: '{client}Hostname {host:word} provided via SNI{more:text without "."}[.{rest}]',
  },
  {
    id: 'no-name-in-tls',
    template: '{client}No hostname was provided via SNI for a name based virtual host{rest}',
  },
];

/** Every message that is recognised. The versions are those of Apache httpd. */
export const patterns: PatternTable = {
  parts: { ...apacheParts, digest: '[Digest: ]' },
  patterns: [
    ...[...digest, ...basic, ...names].map((entry) => ({
      versions: '2.2-',
      mode: 'normal',
      ...entry,
    })),
    {
      id: 'denied-by-evasive',
      versions: '2.4-, mod_evasive',
      mode: 'aggressive',
      template:
        '\\[evasive20:error\\] \\[pid {pid:number}[:tid {tid:word without "]"}]\\] \\[client {address}:{port}\\] client denied by server configuration: {rest}',
    },
  ],
};
