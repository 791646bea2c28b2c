import { CommandError, type CommandRunner } from '@remand/api';
import type { Envelope } from './smtp.ts';

export interface SendmailGiven {
  readonly command: readonly string[];
  readonly commands: CommandRunner;
  readonly envelope: Envelope;
  readonly message: Buffer;
  readonly signal: AbortSignal;
}

/** EX_DATAERR, EX_NOUSER, EX_NOHOST of sysexits.h(3head): no better tomorrow. */
const forGood = new Set([65, 67, 68]);

/**
 * Hands one mail to a program that is called as sendmail(8) is.
 * @throws CommandError
 */
export async function sendBySendmail(given: SendmailGiven): Promise<void> {
  const { command, commands, envelope, message, signal } = given;
  const argv = [...command, '-i', '-f', envelope.from || '<>', '--', ...envelope.to];
  // Programs on Unix end lines with a line feed alone. The message is ASCII.
  const input = message.toString('latin1').replaceAll('\r\n', '\n');
  try {
    await commands.run(argv, { input, timeoutMs: 25_000, signal });
  } catch (error) {
    if (!(error instanceof CommandError) || signal.aborted) throw error;
    const code = forGood.has(error.exitCode ?? 0) ? 'NOTICE_REFUSED' : 'NOTICE_FAILED';
    throw new CommandError(code, error.message, {
      argv,
      cause: error,
      hint: error.hint ?? `look at the log of ${command[0]}, and at sendmail.command`,
    });
  }
}
