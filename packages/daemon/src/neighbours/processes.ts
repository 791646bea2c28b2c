import { readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readBeginning } from './read-beginning.ts';

export interface SeenProcess {
  readonly pid: number;
  /** The program, as its file is called. */
  readonly name: string;
  /** Whether it is in our network namespace; undefined when that cannot be seen. */
  readonly isHere: boolean | undefined;
}

export interface SeenProcesses {
  readonly processes: readonly SeenProcess[];
  readonly pids: ReadonlySet<number>;
  readonly unseen: readonly string[];
}

/** TASK_COMM_LEN of the Linux kernel, less its closing zero byte. */
const commLength = 15;
const interpreters = /^(?:python[0-9.]*|sh|dash|bash|ash)$/;
const mostProcesses = 50_000;
const atOnce = 64;

/** Finds the running processes with one of these names. See proc_pid_comm(5), proc_pid_cmdline(5). */
export async function findProcesses(
  root: string,
  names: ReadonlySet<string>,
): Promise<SeenProcesses> {
  const proc = join(root, 'proc');
  const entries = await readdir(proc).catch(() => []);
  const all = entries.filter((entry) => /^[1-9][0-9]{0,9}$/.test(entry)).map(Number);
  const pids = all.slice(0, mostProcesses);
  const unseen: string[] = [];
  if (all.length === 0) unseen.push('running processes: /proc cannot be read');
  else if (!all.includes(1)) unseen.push('processes of other users: /proc hides them');
  if (all.length > pids.length)
    unseen.push(`${all.length - pids.length} of ${all.length} processes`);
  const here = await namespaceOf(proc, 'self');
  const processes: SeenProcess[] = [];
  for (let start = 0; start < pids.length; start += atOnce) {
    const some = pids.slice(start, start + atOnce);
    const found = await Promise.all(
      some.map(async (pid): Promise<SeenProcess[]> => {
        const name = await nameOf(proc, pid, names);
        if (name === undefined) return [];
        const its = await namespaceOf(proc, pid);
        const isHere = its === undefined || here === undefined ? undefined : its === here;
        return [{ pid, name, isHere }];
      }),
    );
    processes.push(...found.flat());
  }
  return { processes, pids: new Set(all), unseen };
}

async function nameOf(
  proc: string,
  pid: number,
  names: ReadonlySet<string>,
): Promise<string | undefined> {
  const comm = (await readBeginning(join(proc, `${pid}`, 'comm'), 64))?.replace(/\n$/, '');
  if (comm === undefined) return undefined;
  const isInterpreter = interpreters.test(comm);
  const byComm = [...names].find((name) => name.slice(0, commLength) === comm);
  if (byComm === undefined && !isInterpreter) return undefined;
  const args = (await readBeginning(join(proc, `${pid}`, 'cmdline'), 4096))?.split('\0') ?? [];
  // A process that has ended and was not waited for has none.
  if ((args[0] ?? '') === '') return undefined;
  const byArgs = args.slice(0, 3).map((arg) => basename(arg));
  return byArgs.find((name) => names.has(name)) ?? byComm;
}

async function namespaceOf(proc: string, pid: number | 'self'): Promise<string | undefined> {
  return readlink(join(proc, `${pid}`, 'ns', 'net')).catch(() => undefined);
}
