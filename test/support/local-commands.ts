import { execFile } from 'node:child_process';
import { CommandError, type CommandRunner } from '@remand/api';

/** Runs programs on this machine, with `folder` before all others that are searched for them. */
export function localCommands(folder = '/usr/sbin'): CommandRunner {
  const env = { LC_ALL: 'C', PATH: `${folder}:/usr/sbin:/usr/bin:/sbin:/bin` };
  return {
    run: (argv, { input = '', timeoutMs = 10_000, signal } = {}) =>
      new Promise((resolve, reject) => {
        const [program = '', ...args] = argv;
        const options = { env, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
        const child = execFile(
          program,
          args,
          { ...options, ...(signal && { signal }) },
          (error, stdout, stderr) => {
            if (!error) return resolve({ stdout, stderr });
            const timedOut = error.killed === true;
            const isMissing = String(error.code) === 'ENOENT';
            const failed = isMissing ? 'COMMAND_MISSING' : 'COMMAND_FAILED';
            const code = timedOut ? 'COMMAND_TIMEOUT' : failed;
            const exitCode = typeof error.code === 'number' ? { exitCode: error.code } : {};
            const details = { argv, stderr, timedOut, ...exitCode };
            reject(new CommandError(code, `${argv.join(' ')} failed: ${stderr.trim()}`, details));
          },
        );
        // A program can end before it has read all.
        child.stdin?.on('error', () => undefined);
        child.stdin?.end(input);
      }),
    stream: () => {
      throw new Error('no test streams from a program of this machine');
    },
  };
}
