import { readFile } from 'node:fs/promises';
import { CommandError, printable, reasonOf } from '@remand/api';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import type { SmtpOptions } from './options.ts';
import { readSecret } from './secret.ts';
import { smtpError } from './smtp-error.ts';

export interface Envelope {
  /** Where bounces go; empty for nowhere. */
  readonly from: string;
  readonly to: readonly string[];
}

export interface SmtpGiven {
  readonly smtp: SmtpOptions;
  readonly envelope: Envelope;
  readonly message: Buffer;
  /** How this machine introduces itself. */
  readonly host: string;
  readonly signal: AbortSignal;
}

/** Together less than the 30 s that a delivery may take. */
const timeouts = {
  dnsTimeout: 5_000,
  connectionTimeout: 8_000,
  greetingTimeout: 8_000,
  socketTimeout: 12_000,
};

/**
 * Hands one mail to the server, over a connection of its own.
 * @returns recipients that the server refused while it took others, with its words
 * @throws CommandError
 */
export async function sendBySmtp(given: SmtpGiven): Promise<readonly string[]> {
  const { smtp, envelope, message, host, signal } = given;
  const login = smtp.auth && {
    user: smtp.auth.user,
    pass: await readSecret({ file: smtp.auth.passwordFile, env: smtp.auth.passwordEnv }),
  };
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const connection = new Connection({ ...(await connectionOptions(smtp)), name: host });
  // What comes after the last answer that anybody waits for.
  connection.on('error', () => undefined);
  try {
    return await untilAborted(signal, async (fail) => {
      connection.once('error', fail);
      await asked<unknown>((done) => connection.connect((error) => done(error ?? null)));
      if (login) {
        await asked((done) => connection.login({ credentials: login, ...login }, done));
      }
      const { rejectedErrors = [] } = await asked<SMTPConnectionSendInfo>((done) =>
        connection.send({ from: envelope.from || false, to: [...envelope.to] }, message, done),
      );
      connection.quit();
      return rejectedErrors.map((error) => printable(error.message, 300));
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw smtpError(error, smtp, portOf(smtp), login?.pass);
  } finally {
    connection.close();
  }
}

export function portOf({ port, security, auth }: SmtpOptions): number {
  return port ?? (security === 'tls' ? 465 : auth ? 587 : 25);
}

async function connectionOptions(smtp: SmtpOptions) {
  const { host, serverName, caFile, auth } = smtp;
  const security = smtp.security ?? (auth ? 'starttls' : 'opportunistic');
  return {
    host,
    port: portOf(smtp),
    ...timeouts,
    maxResponseSize: 64 * 1024,
    logger: false,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    opportunisticTLS: security === 'opportunistic',
    ...(serverName !== undefined && { servername: serverName }),
    tls: {
      rejectUnauthorized: security !== 'opportunistic',
      ...(serverName !== undefined && { servername: serverName }),
      ...(caFile !== undefined && { ca: await certificates(caFile) }),
    },
  };
}

async function certificates(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const message = `caFile ${printable(path)} cannot be read: ${printable(reasonOf(error))}`;
    throw new CommandError('NOTICE_FAILED', message, { hint: 'name a file of PEM certificates' });
  }
}

type Done<Result> = (error: Error | null, result?: Result) => void;

function asked<Result>(ask: (done: Done<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    ask((error, result) => (error ? reject(error) : resolve(result as Result)));
  });
}

/** Ends with the signal, or when `fail` is called, whatever `work` waits for. */
async function untilAborted<Result>(
  signal: AbortSignal,
  work: (fail: (reason: unknown) => void) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const ended = Promise.withResolvers<never>();
  const abort = () => ended.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work(ended.reject), ended.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
