/**
 * What Apache writes before each message of its error log: log.c. The address stands before anything
 * that a client says. Until 2.2 it is alone in its brackets; since 2.4 it has a port, also a v6 address
 * without brackets of its own, and the number of the message follows.
 */
export const apacheParts: Readonly<Record<string, string>> = {
  client: '({client-2.2}|{client-2.4})',
  'client-2.2': '\\[error\\] \\[client {address}\\] ',
  'client-2.4':
    '\\[[{module:text without ":" or "]"}:]{level:word without ":" or "]"}\\] \\[pid {pid:number}[:tid {tid:word without "]"}]\\] [{source:host}\\({line:number}\\): ][\\({errno:number}\\){error:text without "["}]\\[(client|remote) ({address}:{port}|\\[{address}\\]:{port})\\] AH{number}: ',
  /** What may follow a path. */
  referer: '[, referer: {referer:text}]',
  path: '{path:text without ", referer: "}',
};

/** Its own file names no program. */
export const apachePrograms: readonly (string | null)[] = [null, 'apache*', 'httpd*'];

/** Debian's, then Red Hat's. */
export const apacheErrorLog = [
  { name: 'file', options: { paths: ['/var/log/apache2/*error.log'] } },
  { name: 'file', options: { paths: ['/var/log/httpd/*error_log'] } },
  { name: 'journal', options: { identifiers: ['apache2', 'httpd'] } },
] as const;
