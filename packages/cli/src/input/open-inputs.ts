import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CommandError, ConfigError, printable } from '@remand/api';
import type { Terminal } from '../terminal.ts';
import { unpacked } from './unpacked.ts';

/** Something that lines are read from. */
export interface Input {
  /** For people, escaped. */
  readonly name: string;
  chunks(): AsyncIterable<Uint8Array>;
}

/**
 * The inputs that a command line names; `-` is stdin. All are looked at before one is read.
 * @throws ConfigError `USAGE` for one that holds no lines; CommandError when it may not be read
 */
export async function openInputs(
  paths: readonly string[],
  terminal: Terminal,
): Promise<readonly Input[]> {
  const inputs: Input[] = [];
  for (const path of paths) inputs.push(path === '-' ? stdin(terminal) : await file(path));
  return inputs;
}

function stdin(terminal: Terminal): Input {
  if (terminal.interactive) terminal.err('reading lines from the terminal; Ctrl-D ends them\n');
  return { name: 'stdin', chunks: () => terminal.input() };
}

async function file(path: string): Promise<Input> {
  const name = printable(path, 400);
  const found = await stat(path).catch((error: unknown) => {
    throw failure(name, error);
  });
  const kind = wrongKind(found);
  if (kind !== undefined) {
    throw new ConfigError('USAGE', `${name} is ${kind}, not a log`, {
      hint: `name the files: ${name.replace(/\/+$/, '')}/*.log, or pass lines on stdin with -`,
    });
  }
  return { name, chunks: () => unpacked(read(path, name), name) };
}

async function* read(path: string, name: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 });
  } catch (error) {
    throw failure(name, error);
  }
}

function wrongKind(found: Stats): string | undefined {
  if (found.isDirectory()) return 'a folder';
  if (found.isSocket()) return 'a socket';
  return found.isBlockDevice() ? 'a device' : undefined;
}

function failure(name: string, cause: unknown): Error {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ConfigError('USAGE', `there is no file ${name}`, {
      hint: 'name a log file, or - for stdin',
      cause,
    });
  }
  const denied = code === 'EACCES' || code === 'EPERM';
  return new CommandError('INPUT_UNREADABLE', `${name} cannot be read (${printable(code, 100)})`, {
    hint: denied ? 'run it as a user who may read the log' : 'look at the disk, or at the path',
    cause,
  });
}
