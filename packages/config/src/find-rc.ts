import { stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { ConfigError, printable } from '@remand/api';
import { locateFile } from './locate-file.ts';

export interface FindRcGiven {
  /** What `-c` names. */
  readonly explicitPath?: string;
  readonly cwd: string;
  /** As root the current folder is not searched: anybody could have put a file there. */
  readonly isRoot: boolean;
  /** Folders of remand's own installation: files in them need no particular owner. */
  readonly trusted?: readonly string[];
  /** Default `/etc/remand`. */
  readonly systemFolder?: string;
}

export interface FoundRc {
  /** Absolute. */
  readonly file: string;
  /** The same for people: relative to the current folder when it is in there. */
  readonly shown: string;
  /** The folder of drop-ins, whether it exists or not; a current folder has none. */
  readonly dropIns?: string;
  readonly isRoot: boolean;
  readonly trusted: readonly string[];
  /** Files that were passed over, and why. */
  readonly warnings: readonly string[];
}

const systemPlaces = ['remand.yaml', 'remand.yml', 'remand.json'];
const folderPlaces = [
  ...systemPlaces,
  '.remandrc',
  '.remandrc.yaml',
  '.remandrc.yml',
  '.remandrc.json',
];

/**
 * Finds the rc file and does not read it: what `-c` names, else one in the current folder (not as
 * root), else one in `/etc/remand`.
 * @throws ConfigError when there is none
 */
export async function findRc(given: FindRcGiven): Promise<FoundRc> {
  const { cwd, isRoot, trusted = [], systemFolder = '/etc/remand' } = given;
  const result = (file: string, dropInsOf: string | undefined, warnings: readonly string[]) => ({
    file,
    shown: shownFrom(cwd, file),
    ...(dropInsOf === undefined ? {} : { dropIns: join(dropInsOf, 'jails.d') }),
    isRoot,
    trusted,
    warnings,
  });
  if (given.explicitPath !== undefined) {
    const file = resolve(cwd, given.explicitPath);
    refuseProgram(file);
    return result(file, dirname(file), []);
  }
  const inFolder = await filesIn(cwd, folderPlaces);
  const inSystem = await filesIn(systemFolder, systemPlaces);
  const found =
    (isRoot ? undefined : await locateFile(cwd, inFolder)) ??
    (await locateFile(systemFolder, inSystem));
  const others = new Set(
    [
      ...inFolder.map((name) => join(cwd, name)),
      ...inSystem.map((name) => join(systemFolder, name)),
    ].filter((file) => file !== found),
  );
  if (found === undefined) throw notFound(cwd, systemFolder, [...others], isRoot);
  const isSystem = dirname(found) === resolve(systemFolder);
  const why = isRoot
    ? 'as root only what -c names or what is in /etc/remand is read'
    : `${shownFrom(cwd, found)} is used`;
  const warnings = [...others].map((file) => `${shownFrom(cwd, file)} is passed over: ${why}`);
  return result(found, isSystem ? systemFolder : undefined, warnings);
}

/** Which of these places are files. A named pipe must not even be opened. */
async function filesIn(folder: string, places: readonly string[]): Promise<readonly string[]> {
  const stats = await Promise.all(
    places.map((place) => stat(join(folder, place)).catch(() => undefined)),
  );
  return places.filter((_place, index) => stats[index]?.isFile() ?? false);
}

function notFound(
  cwd: string,
  systemFolder: string,
  passedOver: readonly string[],
  isRoot: boolean,
): ConfigError {
  const places = isRoot ? systemFolder : `${cwd} or ${systemFolder}`;
  const unread = passedOver.map((file) => printable(file, 400)).join(', ');
  const hint = 'name one with -c FILE';
  if (unread === '') {
    return new ConfigError('CONFIG_NOT_FOUND', `no rc file in ${printable(places, 400)}`, { hint });
  }
  const why = isRoot ? 'is not read as root' : 'cannot be read';
  const message = `no rc file to read; there is ${unread}, which ${why}`;
  return new ConfigError(isRoot ? 'CONFIG_NOT_FOUND' : 'CONFIG_UNREADABLE', message, { hint });
}

function refuseProgram(file: string): void {
  if (!/^\.[cm]?[jt]s$/.test(extname(file))) return;
  throw new ConfigError('CONFIG_UNREADABLE', `${printable(file, 400)} is a program`, {
    hint: 'an rc file is YAML or JSON; a program embeds the kernel by createKernel()',
  });
}

function shownFrom(cwd: string, file: string): string {
  const path = relative(cwd, file);
  return printable(path.startsWith('..') || isAbsolute(path) ? file : path, 400);
}
