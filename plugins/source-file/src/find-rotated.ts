import type { BigIntStats } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Position } from './bookmark.ts';
import { hasContentOf, isFileOf, markBytes, readRange } from './fingerprint.ts';
import { type OpenLog, openLog } from './open-log.ts';

interface Sibling {
  readonly path: string;
  readonly name: string;
  readonly stat: BigIntStats;
}

/** A folder with more entries is no folder of logs; looking at each would take too long. */
const mostSiblings = 10_000;
const compressed = /\.(gz|bz2|xz|zst|lz4|Z|zip)$/;
const rotationMark = /^[.-][0-9][0-9._TZ:-]*$/;

/**
 * Finds what has become of a file that was read up to `position`: the same inode under another
 * name in its folder, else a copy (`copytruncate`) whose name begins with the file's own.
 */
export async function findRotated(path: string, position: Position): Promise<OpenLog | undefined> {
  const siblings = await siblingsOf(path);
  const moved = siblings.filter(({ stat }) => String(stat.ino) === position.ino);
  for (const { path: candidate } of moved) {
    const log = await openIf(candidate, (opened) => isFileOf(opened, position));
    if (log) return log;
  }
  if (position.offset === 0) return undefined;
  const copies = siblings
    .filter(({ name, stat }) => isCopyName(path, name) && stat.size >= BigInt(position.offset))
    .sort((a, b) => compare(b.stat.mtimeNs, a.stat.mtimeNs));
  for (const { path: candidate } of copies) {
    const log = await openIf(candidate, (opened) => hasContentOf(opened, position));
    if (log) return log;
  }
  return undefined;
}

/**
 * Finds files that were born and rotated away between two looks, or while the daemon was down:
 * named like rotated ones, born and written after `older`, and before `newer` was born. At most
 * six, oldest first. Finds none where the file system keeps no times of birth. One that was read
 * already can be among them.
 *
 * Where `newer` was born before `older`, it was truncated and `older` is a copy: then later copies
 * are between them, but not one of what `newer` holds now, which is yet to be truncated.
 */
export async function findBetween(
  path: string,
  given: { readonly older: BigIntStats; readonly newer: OpenLog },
): Promise<OpenLog[]> {
  const { older, newer } = given;
  const { birthtimeNs, ino } = newer.stat;
  if (older.birthtimeNs === 0n || birthtimeNs === 0n) return [];
  const truncated = birthtimeNs < older.birthtimeNs;
  const between = (await siblingsOf(path))
    .filter(({ name, stat }) => {
      if (!isRotatedName(path, name) || stat.ino === older.ino || stat.ino === ino) return false;
      return (
        stat.birthtimeNs >= older.birthtimeNs &&
        stat.mtimeNs >= older.mtimeNs &&
        (truncated || stat.birthtimeNs <= birthtimeNs)
      );
    })
    .sort((a, b) => compare(a.stat.mtimeNs, b.stat.mtimeNs))
    .slice(-6);
  const logs: OpenLog[] = [];
  for (const sibling of between) {
    const log = await openIf(
      sibling.path,
      async (opened) =>
        opened.stat.ino === sibling.stat.ino && !(truncated && (await beginsAlike(opened, newer))),
    );
    if (log) logs.push(log);
  }
  return logs;
}

async function beginsAlike(one: OpenLog, other: OpenLog): Promise<boolean> {
  const [head, otherHead] = await Promise.all([
    readRange(one, 0, markBytes),
    readRange(other, 0, markBytes),
  ]);
  const length = Math.min(head.length, otherHead.length);
  return length > 0 && head.subarray(0, length).equals(otherHead.subarray(0, length));
}

export function isCompressed(path: string): boolean {
  return compressed.test(path);
}

/** `auth.log.1`, `auth.log-20261009`, and `access-20261009.log` of `access.log`. */
function isRotatedName(path: string, name: string): boolean {
  const base = basename(path);
  if (name.startsWith(base)) return rotationMark.test(name.slice(base.length));
  const dot = base.lastIndexOf('.');
  if (dot <= 0) return false;
  const [stem, extension] = [base.slice(0, dot), base.slice(dot)];
  if (!name.startsWith(stem) || !name.endsWith(extension)) return false;
  return rotationMark.test(name.slice(stem.length, -extension.length));
}

function isCopyName(path: string, name: string): boolean {
  const base = basename(path);
  return (name !== base && name.startsWith(base)) || isRotatedName(path, name);
}

async function siblingsOf(path: string): Promise<Sibling[]> {
  const folders = new Set([dirname(path)]);
  const target = await realpath(path).catch(() => undefined);
  // What a symbolic link points to is rotated beside its target.
  if (target !== undefined) folders.add(dirname(target));
  const found: Sibling[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    if (names.length > mostSiblings) continue;
    for (const name of names) {
      const candidate = join(folder, name);
      const stat = isCompressed(name)
        ? undefined
        : await lstat(candidate, { bigint: true }).catch(() => undefined);
      if (stat?.isFile()) found.push({ path: candidate, name, stat });
    }
  }
  return found;
}

async function openIf(
  path: string,
  accepts: (log: OpenLog) => Promise<boolean>,
): Promise<OpenLog | undefined> {
  const { log } = await openLog(path);
  if (!log) return undefined;
  try {
    if (await accepts(log)) return log;
  } catch {
    // It cannot be read: then it is not the one that is looked for.
  }
  await log.handle.close();
  return undefined;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
