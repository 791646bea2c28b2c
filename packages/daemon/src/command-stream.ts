import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import {
  CommandError,
  type CommandStream,
  printable,
  reasonOf,
  type StreamOptions,
} from '@remand/api';
import { execa } from 'execa';
import { checkedArgv } from './checked-argv.ts';
import { commandEnvironment, isOnPath } from './command-environment.ts';
import { linesOf } from './lines-of.ts';
import { merged } from './merged.ts';

const stderrKept = 4096;
const killAfterMs = 1000;
/** How long output may lag behind the end of its program (a grandchild can hold the pipe). */
const outputLagMs = 200;

/** Starts a program that lives until it is stopped, ends, or its parent dies. */
export function startStream(
  argv: readonly string[],
  { withStderr = false }: StreamOptions = {},
): CommandStream {
  const [program, ...args] = withParent(checkedArgv(argv));
  const child = execa(program, args, {
    env: commandEnvironment,
    extendEnv: false,
    cwd: '/',
    reject: false,
    buffer: false,
    stdin: 'pipe',
    killDescendants: true,
    forceKillAfterDelay: killAfterMs,
    // With setpriv the kernel ends the child; execa would put signal handlers into the daemon.
    cleanup: program !== setpriv,
  });
  const { stdin, stdout, stderr } = child;
  const errors = withStderr ? () => '' : lastOf(stderr);
  // Ends of the pipes are seen elsewhere: in `write`, in `lines`, in `exited`.
  for (const pipe of [stdin, stdout, stderr]) pipe.on('error', () => undefined);
  // Without a reader execa would let the output flow away before the first line is asked for.
  stdout.on('readable', () => undefined);
  if (withStderr) stderr.on('readable', () => undefined);

  const exited = exitOf(child.nodeChildProcess, child).then(async (exitCode) => {
    await closed(stderr);
    return { exitCode, stderr: errors() };
  });
  let ended = false;
  void exited.then(() => {
    ended = true;
  });

  return {
    lines: withStderr ? merged([linesOf(stdout), linesOf(stderr)]) : linesOf(stdout),
    exited,
    write: (text) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(gone(argv));
        stdin.write(text, (error) => (error ? reject(gone(argv, error)) : resolve()));
      }),
    stop: async () => {
      if (!ended) child.kill('SIGTERM');
      await exited;
      stdout.destroy();
      stderr.destroy();
    },
  };
}

const setpriv = 'setpriv';
let hasSetpriv: boolean | undefined;

/** The kernel kills the child when its parent dies, even by SIGKILL: prctl(2), PR_SET_PDEATHSIG. */
function withParent(argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
  hasSetpriv ??= isOnPath(setpriv);
  if (!hasSetpriv || !isOnPath(argv[0])) return argv;
  return [setpriv, '--pdeathsig', 'KILL', '--', ...argv];
}

function lastOf(stream: Readable): () => string {
  let kept = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-stderrKept);
  });
  return () => kept.toString();
}

async function exitOf(
  child: ChildProcess,
  result: Promise<{ readonly exitCode?: number | undefined }>,
): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('exit', resolve);
  // The only sign of a program that could not be started; for others it comes after `exit`,
  // because it waits for the output.
  void result.then(({ exitCode }) => resolve(exitCode ?? null));
  return promise;
}

/** Waits until a pipe has ended, but not for long. */
async function closed(stream: Readable): Promise<void> {
  if (stream.closed || stream.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.once('close', resolve);
  const timer = setTimeout(resolve, outputLagMs);
  await promise;
  clearTimeout(timer);
}

function gone(argv: readonly string[], cause?: unknown): CommandError {
  const why = cause === undefined ? '' : `: ${reasonOf(cause)}`;
  const message = `${printable(argv.join(' '), 120)} has ended and takes no more input${why}`;
  return new CommandError('COMMAND_FAILED', message, { argv, cause });
}
