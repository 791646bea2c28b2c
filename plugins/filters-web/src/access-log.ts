import { accessLogStart } from '@remand/patterns';

/** What templates for access logs share. */
export const accessParts: Readonly<Record<string, string>> = { access: accessLogStart };

export const nginxAccessLog = [
  { name: 'file', options: { paths: ['/var/log/nginx/access.log'] } },
] as const;

/** Debian's, then Red Hat's. */
export const apacheAccessLog = [
  { name: 'file', options: { paths: ['/var/log/apache2/*access.log'] } },
  { name: 'file', options: { paths: ['/var/log/httpd/*access_log'] } },
] as const;
