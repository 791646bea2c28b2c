import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ConfigError, printable, reasonOf } from '@remand/api';
import { checkOpened, type OwnershipRules } from './check-ownership.ts';

/** No configuration is longer. */
const mostBytes = 1_048_576;

/**
 * Reads a file that nobody else can change. It is opened once; what is checked and what is read
 * is that descriptor, so that swapping the file meanwhile changes nothing.
 * @throws ConfigError: not found, unreadable, unsafe
 */
export async function readGuarded(path: string, rules: OwnershipRules): Promise<string> {
  const file = await openFile(path);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw unreadable(path, 'is not a regular file');
    const fault = await checkOpened(path, stats, rules);
    if (fault !== undefined) {
      throw new ConfigError('CONFIG_UNSAFE', `${printable(path, 400)} ${fault}`, {
        hint: 'it must belong to root or to the user of remand, and nobody else may write it or its folder',
      });
    }
    return decode(path, await readAll(path, file));
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK a named pipe would wait here for its writer.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ConfigError('CONFIG_NOT_FOUND', `${printable(path, 400)} does not exist`, {
        cause: error,
      });
    }
    throw unreadable(path, `cannot be opened: ${printable(reasonOf(error))}`, error);
  }
}

async function readAll(path: string, file: FileHandle): Promise<Uint8Array> {
  const bytes = new Uint8Array(mostBytes + 1);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
  }
  throw unreadable(path, 'is larger than 1 MiB');
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(path, 'is not encoded as UTF-8', error);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): ConfigError {
  return new ConfigError('CONFIG_UNREADABLE', `${printable(path, 400)} ${reason}`, { cause });
}
