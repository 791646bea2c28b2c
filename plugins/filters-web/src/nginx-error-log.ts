/**
 * What nginx writes before and behind each message of its error log: ngx_log.c, and
 * ngx_http_log_error_handler() in ngx_http_request.c. Behind `client:` stand the server, the request,
 * the host and the referrer, and the request is the client's text.
 */
export const nginxParts: Readonly<Record<string, string>> = {
  /** In syslog with nginx's own date. */
  head: '[{log:host} nginx: ][{year:number}/{month:number}/{day:number} {hour:number}:{minute:number}:{second:number} ]\\[(debug|info|notice|warn|error|crit|alert|emerg)\\] {pid:number}#{thread:number}: *{connection:number} ',
  client: ', client: {address}',
};

/** Its own file names no program. */
export const nginxPrograms: readonly (string | null)[] = [null, 'nginx*'];

export const nginxErrorLog = [
  { name: 'file', options: { paths: ['/var/log/nginx/error.log'] } },
  { name: 'journal', options: { identifiers: ['nginx'] } },
] as const;
