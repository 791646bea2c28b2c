/**
 * The beginning of a line of an access log, in the common or the combined format of Apache and nginx:
 * perhaps the name of the virtual host, the address of the client, a dash, the account, the time. The
 * account is the client's text; one with a bracket is no match.
 */
export const accessParts: Readonly<Record<string, string>> = {
  access: '[{vhost:host} ]{address} - {account:text without "["} \\[{time:text without "]"}\\] ',
};

export const nginxAccessLog = [
  { name: 'file', options: { paths: ['/var/log/nginx/access.log'] } },
] as const;

/** Debian's, then Red Hat's. */
export const apacheAccessLog = [
  { name: 'file', options: { paths: ['/var/log/apache2/*access.log'] } },
  { name: 'file', options: { paths: ['/var/log/httpd/*access_log'] } },
] as const;
