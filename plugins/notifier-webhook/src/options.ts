import { durationForm, parseDuration } from '@remand/api';
import { z } from 'zod';
import { unknownPlaceholders } from './template.ts';

const mostTimeoutMs = 25_000;

const path = z.string().regex(/^\/[^\0]+$/, 'wanted an absolute path');
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'wanted the name of a variable');

/** Where a secret is. It is read anew for each request. */
const place = z.union(
  [
    z.strictObject({ file: path, prefix: z.string().optional() }),
    z.strictObject({ env: variable, prefix: z.string().optional() }),
  ],
  { error: 'wanted { file: /path } or { env: NAME }, with `prefix` for what stands before it' },
);

/** RFC 9110's field values. */
const plainValue = z
  .string()
  .regex(/^[\x20-\x7e]*$/, 'wanted printable ASCII, or { file: /path } for a secret');

/** RFC 9110's tokens. */
const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

const ownHeaders =
  /^(?:content-length|content-type|host|connection|transfer-encoding|x-remand-.*)$/i;

/** Names whose value nobody should write into a file that others read. */
const secretHeaders = /auth|token|secret|key|cookie|password/i;

const headers = z.record(z.string(), z.union([plainValue, place])).superRefine((given, context) => {
  for (const [name, value] of Object.entries(given)) {
    const message = whyNotHeader(name, value);
    if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
  }
});

function whyNotHeader(name: string, value: unknown): string | undefined {
  if (!headerName.test(name)) return 'wanted the name of a header';
  if (ownHeaders.test(name)) return 'is set by remand: leave it out';
  if (typeof value !== 'string' || !secretHeaders.test(name)) return undefined;
  return 'a secret does not belong here: wanted { file: /path } or { env: NAME }';
}

const ntfy = z.strictObject({
  topic: z
    .string()
    .regex(/^[-_A-Za-z0-9]{1,64}$/, 'wanted 1 to 64 of A-Z, a-z, 0-9, _ and -')
    .describe('the topic; who knows it can read it'),
});

const abuseipdb = z.strictObject({
  categories: z
    .array(z.int().min(1).max(30))
    .min(1)
    .max(30)
    .default([18])
    .describe(
      'what all reports are about: 18 is brute force, 22 SSH, see abuseipdb.com/categories',
    ),
  jails: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('bans of these jails only; without it of all, but never those by `admin`'),
});

const template = z
  .union([z.record(z.string(), z.unknown()), z.array(z.unknown())], {
    error: 'wanted a map or a list, the JSON to post',
  })
  .superRefine((given, context) => {
    for (const name of unknownPlaceholders(given)) {
      context.addIssue({ code: 'custom', message: `knows no placeholder {{${name}}}` });
    }
  })
  .meta({ title: 'map' });

const format = z
  .strictObject({
    ntfy: ntfy.optional().describe('a message for ntfy; `url` is the server'),
    abuseipdb: abuseipdb.optional().describe('a report of each ban to AbuseIPDB'),
    template: template.optional().describe('JSON of your own, with {{placeholders}}'),
  })
  .refine((given) => Object.keys(given).length === 1, {
    error: 'wanted one of ntfy, abuseipdb and template',
  });

const timeout = z
  .union([z.string(), z.number()], durationForm)
  .meta({ title: 'duration' })
  .transform((value, context) => {
    const ms = parseDuration(value);
    if (ms !== undefined && ms !== null && ms > 0 && ms <= mostTimeoutMs) return ms;
    context.addIssue({ code: 'custom', message: 'wanted a duration of at most 25s, such as 10s' });
    return 0;
  });

export const options = z
  .strictObject({
    url: z
      .string()
      .optional()
      .describe('where to post, http or https. One that holds a token belongs into a file'),
    urlFile: path.optional().describe('instead: a file with the URL alone'),
    urlEnv: variable.optional().describe('instead: a variable of the daemon’s environment'),
    headers: headers
      .default({})
      .describe('more headers: text, or `{ file: /path }` or `{ env: NAME }` for a secret'),
    secretFile: path.optional().describe('a file with the key that signs each body'),
    secretEnv: variable.optional().describe('instead: a variable with it'),
    format: format.optional().describe('what is posted, if not remand’s own JSON'),
    host: z
      .string()
      .regex(/^[\x21-\x7e]{1,253}$/, 'wanted a name without spaces')
      .optional()
      .describe('what this machine is called, if not by its host name'),
    timeout: timeout.prefault('10s').describe('how long one request may take, at most 25 s'),
  })
  .superRefine((given, context) => {
    const say = (at: string, message: string) =>
      context.addIssue({ code: 'custom', path: [at], message });
    const places = [given.url, given.urlFile, given.urlEnv].filter((one) => one !== undefined);
    const isReport = given.format?.abuseipdb !== undefined;
    if (places.length > 1 || (places.length === 0 && !isReport)) {
      say('url', 'wanted one of url, urlFile and urlEnv');
    }
    const wrong = given.url === undefined ? undefined : whyNotUrl(given.url);
    if (wrong !== undefined) say('url', wrong);
    if (given.secretFile !== undefined && given.secretEnv !== undefined) {
      say('secretEnv', 'stands instead of secretFile: leave out the one or the other');
    }
    if (isReport && !Object.keys(given.headers).some((name) => name.toLowerCase() === 'key')) {
      say('headers', 'AbuseIPDB wants your key: add Key: { file: /path }');
    }
  });

/** What is wrong with a URL to post to. Its text is not in it: it may hold a token. */
export function whyNotUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return 'wanted a URL that begins with https:// or http://';
  }
  if (url.username !== '' || url.password !== '') {
    return 'wanted no user or password in it: use the header Authorization from a file';
  }
  return undefined;
}

export type Options = z.infer<typeof options>;
export type HeaderValue = z.infer<typeof headers>[string];
