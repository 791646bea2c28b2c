import { CommandError, printable } from '@remand/api';
import type { SmtpOptions } from './options.ts';

/** What nodemailer adds to an error. */
interface Failure {
  readonly message: string;
  readonly code?: string;
  readonly command?: string;
  /** The whole answer of the server. */
  readonly response?: string;
  readonly responseCode?: number;
}

/**
 * Why a server did not take a mail, and what to do about it. Refused is what the server says for
 * good about this sender, recipient or mail; a login, a certificate or a greeting may become right.
 */
export function smtpError(
  error: unknown,
  smtp: SmtpOptions,
  port: number,
  password?: string,
): CommandError {
  if (error instanceof CommandError) return error;
  const failure: Failure = error instanceof Error ? error : { message: String(error) };
  const server = `${printable(smtp.host)}:${port}`;
  const said = masked(failure.message, password);
  const code = isForGood(failure) ? 'NOTICE_REFUSED' : 'NOTICE_FAILED';
  return new CommandError(code, `mail server ${server}: ${printable(said, 500)}`, {
    hint: hintFor(failure, smtp, server),
  });
}

function isForGood({ command = '', responseCode = 0 }: Failure): boolean {
  if (!/^(?:MAIL FROM|RCPT TO|DATA)$/.test(command)) return false;
  // 53x wants a login or TLS (RFC 4954, RFC 3207): about the connection, not the mail.
  return responseCode >= 500 && Math.trunc(responseCode / 10) !== 53;
}

const hints: readonly (readonly [RegExp, (smtp: SmtpOptions, server: string) => string])[] = [
  [/ECONNREFUSED/, (_, server) => `nothing listens on ${server}: look at smtp.host and smtp.port`],
  [
    /EDNS|ENOTFOUND|EAI_AGAIN/,
    ({ host }) => `the name ${printable(host)} is not found: look at smtp.host`,
  ],
  [/EHOSTUNREACH|ENETUNREACH/, (_, server) => `there is no way to ${server} from here`],
  [/expired/i, () => 'the certificate of the server has expired: it must be renewed there'],
  [
    /altnames|does not match/i,
    () => 'the certificate is for another name: set smtp.host or smtp.serverName to the one in it',
  ],
  [
    /self.signed|unable to (?:get|verify)|issuer/i,
    () => 'nobody known has signed the certificate: name the one to trust in smtp.caFile',
  ],
  [/EAUTH/, () => 'the login was refused: look at smtp.auth.user and at the password'],
  [
    /wrong version number|packet length/i,
    () => 'the server does not begin with TLS on this port: look at smtp.security and smtp.port',
  ],
  [/ETLS|STARTTLS/, () => 'the server has no STARTTLS that works: look at smtp.security'],
  [
    /ETIMEDOUT/,
    (_, server) =>
      `${server} does not answer in time: look at smtp.port, smtp.security and its load`,
  ],
  [/EENVELOPE|EMESSAGE/, () => 'the server does not take it: look at to, from and its log'],
];

function hintFor(failure: Failure, smtp: SmtpOptions, server: string): string {
  const all = `${failure.code} ${failure.command} ${failure.message}`;
  const found = hints.find(([form]) => form.test(all));
  return found?.[1](smtp, server) ?? `look at the log of ${server}`;
}

/** Servers have been seen to repeat what they got. */
function masked(text: string, password: string | undefined): string {
  if (password === undefined) return text;
  const forms = [password, Buffer.from(password).toString('base64')];
  return forms.reduce((left, form) => left.replaceAll(form, '***'), text);
}
