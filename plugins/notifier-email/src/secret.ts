import { open } from 'node:fs/promises';
import { CommandError, printable, reasonOf } from '@remand/api';

const mostBytes = 4_096;

/**
 * The password in a file or in a variable of the environment, read anew each time so that a new one
 * counts at once. One line end after it is not part of it.
 * @throws CommandError that says what is wrong with it, and never what it is
 */
export async function readSecret(given: {
  readonly file?: string | undefined;
  readonly env?: string | undefined;
}): Promise<string> {
  const { file, env } = given;
  if (file !== undefined) return checked(await contentOf(file), `the file ${printable(file)}`);
  return checked(process.env[env ?? ''] ?? '', `the variable ${env}`);
}

async function contentOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw unusable(`${printable(path)} is no file`, 'name a plain file');
      if ((stats.mode & 0o007) !== 0) {
        const mode = (stats.mode & 0o777).toString(8);
        const what = `everybody can use the password file ${printable(path)} (mode ${mode})`;
        throw unusable(what, `chmod o= ${printable(path)}, and change the password`);
      }
      if (stats.size > mostBytes) {
        throw unusable(`${printable(path)} is too long for a password`, 'name another file');
      }
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const what = `the password file ${printable(path)} cannot be read: ${printable(reasonOf(error))}`;
    throw unusable(what, 'make it, readable by the user that remand runs as');
  }
}

function checked(content: string, where: string): string {
  const secret = content.replace(/\r?\n$/, '');
  if (secret === '') throw unusable(`${where} holds no password`, 'put it there, on one line');
  if (/\p{Cc}/u.test(secret)) {
    throw unusable(`${where} holds more than one line`, 'put the password alone there');
  }
  return secret;
}

function unusable(message: string, hint: string): CommandError {
  return new CommandError('NOTICE_FAILED', message, { hint });
}
