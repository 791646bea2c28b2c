/**
 * The beginning of a line of an access log, in the common or the combined format of Apache and nginx,
 * as a piece of a template: perhaps the name of the virtual host, the address of the client, a dash,
 * the account, the time. The account is the client's text; one with a bracket is no match.
 */
export const accessLogStart =
  '[{vhost:host} ]{address} - {account:text without "["} \\[{time:text without "]"}\\] ';
