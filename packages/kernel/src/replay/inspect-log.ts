import { type FileHandle, open, stat } from 'node:fs/promises';
import { type Packing, packingOf, printable, reasonOf } from '@remand/api';
import { findDated } from './find-dated.ts';
import { type LogBytes, openLogBytes } from './log-bytes.ts';
import { LogTimes } from './log-times.ts';
import { nodeUnpacker, type Unpacker } from './unpacker.ts';

const headBytes = 1_048_576;

/** A file that can be replayed. */
export interface FoundLog {
  readonly path: string;
  /** The same for two names of one file. */
  readonly id: string;
  readonly size: number;
  readonly modifiedAt: number;
  readonly packing: Packing | undefined;
}

/** Why a file cannot be replayed, and what to do. */
export interface LogProblem {
  readonly path: string;
  readonly reason: string;
  readonly hint: string;
  /** It holds nothing, which is no mistake among others that do. */
  readonly empty?: boolean;
  /** No file that lines could be read from has this name: a mistake of who typed it. */
  readonly misnamed?: boolean;
}

/** Whether a look at a file has found out why it cannot be replayed. */
export function isProblem(found: FoundLog | LogProblem): found is LogProblem {
  return 'reason' in found;
}

/** Looks at a file's beginning: whether it is a log, and how it is packed. */
export async function inspectLog(
  path: string,
  unpacker: Unpacker = nodeUnpacker,
): Promise<FoundLog | LogProblem> {
  let packing: Packing | undefined;
  try {
    const found = await stat(path);
    if (found.isDirectory()) return misnamed(path, 'is a folder', 'name the files in it');
    if (!found.isFile()) {
      return misnamed(path, 'is no regular file', 'write what comes out of it to a file first');
    }
    if (found.size === 0) return { ...isEmpty(path), empty: true };
    packing = await packingIn(path);
    if (packing !== undefined && !unpacker.packings.includes(packing)) {
      return problem(path, `is packed with ${packing}`, `unpack it first, or pack it with gzip`);
    }
    const log: FoundLog = {
      path,
      id: `${found.dev}:${found.ino}`,
      size: found.size,
      modifiedAt: found.mtimeMs,
      packing,
    };
    return (await troubleInHead(log, unpacker)) ?? log;
  } catch (error) {
    if (!isMissing(error)) return unreadable({ path, packing }, error);
    if (path === '-') return misnamed(path, 'does not exist', 'write what stdin brings to a file');
    return { ...unreadable({ path, packing }, error), misnamed: true };
  }
}

/** What reading a file failed with, in words. */
export function unreadable(
  { path, packing }: Pick<FoundLog, 'path' | 'packing'>,
  error: unknown,
): LogProblem {
  const code = codeOf(error);
  if (isMissing(error)) {
    return problem(path, 'does not exist', 'check the path; a pattern that matches nothing stays');
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return problem(path, 'may not be read by this user', 'run it as root or in the group adm');
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return problem(path, 'is one too many to be open at once', 'name fewer, or raise ulimit -n');
  }
  if (code === 'Z_MISSING') {
    return problem(path, `is packed with ${packing}`, printable(reasonOf(error)));
  }
  if (code.startsWith('Z_')) {
    const what = code === 'Z_BUF_ERROR' ? 'ends too early' : `is damaged (${reasonOf(error)})`;
    return problem(
      path,
      `is a ${packing ?? 'packed'} file that ${what}`,
      `${packing ?? 'gzip'} -dc writes out what can be saved: replay that`,
    );
  }
  return problem(path, `cannot be read: ${printable(reasonOf(error))}`, 'see what the system says');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}

/** Of any zone: whether there is a date does not depend on it. */
function timesFor(log: FoundLog): LogTimes {
  const { modifiedAt } = log;
  return new LogTimes({ timeZone: 'UTC', modifiedAt, year: undefined, now: modifiedAt });
}

async function troubleInHead(log: FoundLog, unpacker: Unpacker): Promise<LogProblem | undefined> {
  const head = await headOf(log, unpacker);
  if (head.length === 0) return { ...isEmpty(log.path), empty: true };
  if (findDated(head, 0, head.length, timesFor(log))) return undefined;
  if (head.includes(0)) {
    return problem(
      log.path,
      'is no text: it holds binary data',
      'name a text log; journalctl and last write what binary ones hold',
    );
  }
  const line = head.toString('latin1', 0, Math.max(0, head.indexOf(10)) || 200);
  return problem(
    log.path,
    `has no line with a date that can be read; its first is "${printable(line, 80)}"`,
    'dates look like "Oct 11 22:14:15", "2003-10-11T22:14:15Z" or "[10/Oct/2000:13:55:36 -0700]"',
  );
}

/** The beginning of a log, which `LogTimes` reads the first time of. */
export async function headOf(
  log: Pick<FoundLog, 'path' | 'packing'>,
  unpacker: Unpacker,
): Promise<Buffer> {
  const bytes: LogBytes = await openLogBytes(log, unpacker);
  try {
    const buffer = Buffer.allocUnsafeSlow(headBytes);
    return buffer.subarray(0, await bytes.fill(buffer, 0));
  } finally {
    await bytes.close();
  }
}

async function packingIn(path: string): Promise<Packing | undefined> {
  const file: FileHandle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return packingOf(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function isEmpty(path: string): LogProblem {
  return problem(path, 'is empty', 'name a log that has lines, such as an older one');
}

function problem(path: string, reason: string, hint: string): LogProblem {
  return { path, reason, hint };
}

function misnamed(path: string, reason: string, hint: string): LogProblem {
  return { path, reason, hint, misnamed: true };
}
