import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { printable } from '@remand/api';

export interface OwnershipRules {
  /** Default: whether this process is root. */
  readonly isRoot?: boolean;
  /** Folders of remand's own installation: what is in them is exempt. */
  readonly trusted?: readonly string[];
}

/**
 * Whether only root or this user can change a file, or swap it for another: its owner is root or
 * this user, nobody else may write it (as root not its group either), and the same holds for the
 * folder it stands in and, behind a link, for the folder that the link leads to.
 * @returns what is wrong, as the rest of a sentence that begins with the path; undefined if nothing
 * @throws the error of `stat` when there is no such file
 */
export async function checkOwnership(
  path: string,
  rules: OwnershipRules = {},
): Promise<string | undefined> {
  return checkOpened(path, await stat(path), rules);
}

/** The same for a file that is open: `opened` is what its descriptor says. */
export async function checkOpened(
  path: string,
  opened: Stats,
  rules: OwnershipRules,
): Promise<string | undefined> {
  if (process.getuid === undefined) return undefined;
  const real = await realpath(path);
  if (await isTrusted(real, opened, rules.trusted ?? [])) return undefined;
  const isRoot = rules.isRoot ?? process.getuid() === 0;
  const fault = faultOf(opened, isRoot);
  if (fault !== undefined) return fault;
  for (const folder of new Set([dirname(path), dirname(real)])) {
    const folderFault = faultOf(await stat(folder), isRoot);
    if (folderFault !== undefined) {
      return `is in ${printable(folder, 400)}, which ${folderFault}`;
    }
  }
  return undefined;
}

function faultOf(stats: Stats, isRoot: boolean): string | undefined {
  if (stats.uid !== 0 && stats.uid !== process.getuid?.()) {
    return `belongs to the user with the id ${stats.uid}`;
  }
  if ((stats.mode & 0o002) !== 0) return 'everybody may write';
  if (isRoot && (stats.mode & 0o020) !== 0) return 'its group may write';
  return undefined;
}

/** What was opened must be what stands there: a link could have been turned in between. */
async function isTrusted(
  real: string,
  opened: Stats,
  trusted: readonly string[],
): Promise<boolean> {
  const there = await stat(real);
  if (there.ino !== opened.ino || there.dev !== opened.dev) return false;
  for (const root of trusted) {
    const realRoot = await realpath(root).catch(() => undefined);
    if (realRoot !== undefined && real.startsWith(join(realRoot, sep))) return true;
  }
  return false;
}
