import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CommandError, type CommandRunner, type CommandStream } from '@remand/api';

/**
 * Runs programs behind a prefix such as `ip netns exec NAME`, and nowhere else.
 * @param streams holds those that still run, for who has to stop them in the end
 */
export function commandsVia(
  prefix: readonly string[],
  streams = new Set<CommandStream>(),
): CommandRunner {
  const behind = (argv: readonly string[]): [string, string[]] => {
    const [program = '', ...args] = [...prefix, ...argv];
    return [program, args];
  };
  return {
    run: (argv, given = {}) =>
      new Promise((resolve, reject) => {
        const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
        const child = execFile(...behind(argv), options, (error, stdout, stderr) => {
          if (!error) return resolve({ stdout, stderr });
          const exitCode = typeof error.code === 'number' ? error.code : 1;
          reject(new CommandError('COMMAND_FAILED', error.message, { exitCode, stderr }));
        });
        // nft can end before it has read all of a script that it refuses.
        child.stdin?.on('error', () => undefined);
        child.stdin?.end(given.input ?? '');
      }),
    stream: (argv) => {
      const child = spawn(...behind(argv), { stdio: ['pipe', 'pipe', 'ignore'] });
      const ended = once(child, 'exit');
      const stream: CommandStream = {
        lines: createInterface({ input: child.stdout }),
        exited: ended.then(([exitCode]) => ({ exitCode, stderr: '' })),
        write: async (text) => void child.stdin.write(text),
        stop: async () => {
          child.kill();
          await ended;
          streams.delete(stream);
        },
      };
      streams.add(stream);
      return stream;
    },
  };
}
