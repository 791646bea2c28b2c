import { z } from 'zod';

/** RFC 5321's local part without quotes, and no hyphen first: a program may take it for an option. */
const addressForm =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~][a-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?$/i;

const address = z
  .string()
  .regex(addressForm, 'an address such as admin@example.org, without a name or brackets');

const hostName = z
  .string()
  .regex(/^(?:[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45})$/i, 'a host name or an address');

const path = z.string().regex(/^\/[^\0]+$/, 'an absolute path');

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of a variable');

const auth = z
  .strictObject({
    user: z
      .string()
      .min(1)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be in it
      .regex(/^[^\x00-\x1f\x7f]+$/, 'a user name without control characters')
      .describe('who logs in'),
    passwordFile: path
      .optional()
      .describe('a file with the password alone; others must not be able to read it'),
    passwordEnv: variable.optional().describe('instead: a variable of the daemon’s environment'),
  })
  .refine(
    ({ passwordFile, passwordEnv }) => (passwordFile === undefined) !== (passwordEnv === undefined),
    'either passwordFile or passwordEnv; the password itself does not belong here',
  );

const smtp = z
  .strictObject({
    host: hostName.default('localhost').describe('the mail server'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('465 with `tls`, 587 with `auth`, otherwise 25'),
    security: z
      .enum(['opportunistic', 'starttls', 'tls', 'none'])
      .optional()
      .describe(
        '`tls` from the first byte, `starttls` or nothing (the default with `auth`), both with a certificate that is checked; `opportunistic`: what the server has, unchecked (the default without); `none`',
      ),
    caFile: path.optional().describe('certificates to trust instead of the system’s, PEM'),
    serverName: hostName
      .optional()
      .describe('the name in the server’s certificate, if it is not `host`'),
    auth: auth.optional().describe('a login'),
  })
  .refine(
    ({ auth: login, security }) =>
      login === undefined || (security !== 'none' && security !== 'opportunistic'),
    {
      path: ['security'],
      message: '"starttls" or "tls": a password is sent over a checked connection only',
    },
  );

const sendmail = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .refine(([program = '']) => program.startsWith('/'), 'the absolute path of a program first')
    .default(['/usr/sbin/sendmail'])
    .describe('program and arguments; `-i -f SENDER -- RECIPIENT…` follows'),
});

const some = 'an address such as admin@example.org, or a list of at most 20';

const oneOrMore = z.union([address, z.array(address).min(1, some).max(20, some)], {
  error: some,
});

export const options = z
  .strictObject({
    to: oneOrMore
      .transform((given) => (typeof given === 'string' ? [given] : given))
      .describe('who gets the mail: an address, or a list of them'),
    from: address.describe('whom it is from'),
    envelopeFrom: z
      .union([address, z.literal('')], { error: 'an address, or "" for none' })
      .optional()
      .describe('where bounces go, if not to `from`; `""`: nowhere'),
    host: hostName
      .optional()
      .describe('what this machine is called in mails, if not its host name'),
    smtp: smtp.optional().describe('hand mail to a server'),
    sendmail: sendmail.optional().describe('or to a program of this machine'),
  })
  .refine(
    ({ smtp: server, sendmail: program }) => (server === undefined) !== (program === undefined),
    {
      message: 'either smtp or sendmail: how the mail goes out',
    },
  );

export type Options = z.infer<typeof options>;
export type SmtpOptions = z.infer<typeof smtp>;
export type AuthOptions = z.infer<typeof auth>;
