import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { printable, reasonOf } from '@remand/api';
import { inTime } from './in-time.ts';
import { type KnownProgram, knownPrograms } from './known-programs.ts';
import { findProcesses, type SeenProcess, type SeenProcesses } from './processes.ts';
import { readBeginning } from './read-beginning.ts';

/** One program that was found, before it is known what our lists are. */
export interface SeenNeighbour {
  readonly known: KnownProgram;
  readonly state: 'running' | 'enabled';
  /** False when only a part of it was seen that decides and does not block. */
  readonly blocks: boolean;
  readonly pid: number | null;
  readonly foundBy: readonly string[];
  readonly keepsIn: string;
}

export interface SeenNeighbours {
  readonly found: readonly SeenNeighbour[];
  readonly unseen: readonly string[];
}

/** Looks afresh at each call. Never rejects: what it cannot see is in `unseen`. */
export type LookForNeighbours = () => Promise<SeenNeighbours>;

const unitFolders = [
  'etc/systemd/system/multi-user.target.wants',
  'run/systemd/system/multi-user.target.wants',
];
/** Reading about a process can wait for as long as its memory is locked. */
const longestLookMs = 3_000;
const mostSockets = 4 * 1024 * 1024;

/** Looks for other programs that block addresses, without starting or asking any of them. */
export async function lookForNeighbours(root = '/'): Promise<SeenNeighbours> {
  try {
    return await inTime(lookAround(root), longestLookMs);
  } catch (error) {
    // Nobody's status or check shall fail for it.
    return { found: [], unseen: [`anything: ${printable(reasonOf(error))}`] };
  }
}

async function lookAround(root: string): Promise<SeenNeighbours> {
  const names = new Set(
    knownPrograms.flatMap(({ blockers, deciders = [], keepsInBy = {} }) => [
      ...blockers,
      ...deciders,
      ...Object.keys(keepsInBy),
    ]),
  );
  const seen = await findProcesses(root, names);
  const sockets = await readBeginning(join(root, 'proc/net/unix'), mostSockets);
  const unseen = [...seen.unseen];
  if (sockets === undefined) unseen.push('the sockets of running programs');
  const found: SeenNeighbour[] = [];
  for (const known of knownPrograms) {
    const one = await look(root, known, seen, sockets ?? '');
    if (!one) continue;
    found.push(one.neighbour);
    unseen.push(...one.unseen);
  }
  return { found, unseen };
}

async function look(root: string, known: KnownProgram, seen: SeenProcesses, sockets: string) {
  const { blockers, deciders = [], keepsInBy = {} } = known;
  // What is in a container with a network of its own does not touch our firewall.
  const named = (names: readonly string[]) =>
    seen.processes.filter(({ name, isHere }) => isHere !== false && names.includes(name));
  const here = named([...blockers, ...deciders]);
  const blocking = here.filter(({ name }) => blockers.includes(name));
  const traces =
    here.length > 0 ? here.map(processText) : await tracesOf(root, known, seen, sockets);
  const enabled = traces.length > 0 ? [] : await enabledUnits(root, known);
  if (traces.length === 0 && enabled.length === 0) return undefined;
  const [helper] = named(Object.keys(keepsInBy));
  const neighbour: SeenNeighbour = {
    known,
    state: traces.length > 0 ? 'running' : 'enabled',
    blocks: here.length === 0 || blocking.length > 0,
    pid: (blocking[0] ?? here[0])?.pid ?? null,
    foundBy: [...traces, ...enabled],
    keepsIn: (helper && keepsInBy[helper.name]) ?? known.keepsIn,
  };
  const doubtful = here.filter(({ isHere }) => isHere === undefined);
  const unseen = doubtful.map(({ pid }) => `whether pid ${pid} shares our network (root may look)`);
  return { neighbour, unseen };
}

function processText({ name, pid }: SeenProcess): string {
  return `process ${name} (pid ${pid})`;
}

/** Where processes are hidden: a socket that is listened on, the pid of one that is alive. */
async function tracesOf(
  root: string,
  known: KnownProgram,
  { pids, unseen }: SeenProcesses,
  sockets: string,
): Promise<readonly string[]> {
  const found = known.sockets
    .filter((path) => sockets.includes(` /${path}\n`))
    .map((path) => `socket /${path}`);
  for (const path of found.length > 0 ? [] : known.pidFiles) {
    const pid = Number((await readBeginning(join(root, path), 32))?.trim());
    // Another process may have got that number since: then its name was seen to be another.
    if (Number.isInteger(pid) && pid > 0 && !pids.has(pid) && unseen.length > 0) {
      found.push(`pid file /${path}`);
    }
  }
  return found.slice(0, 1);
}

async function enabledUnits(root: string, { units }: KnownProgram): Promise<readonly string[]> {
  const paths = unitFolders.flatMap((folder) => units.map((unit) => `${folder}/${unit}`));
  const found = await Promise.all(
    paths.map(async (path) => {
      const there = await lstat(join(root, path)).catch(() => undefined);
      return there ? [`unit file /${path}`] : [];
    }),
  );
  return found.flat();
}
