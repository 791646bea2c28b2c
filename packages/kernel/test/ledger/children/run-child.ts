import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

export function startChild(script: string, ...args: readonly string[]): ChildProcess {
  const file = join(import.meta.dirname, script);
  return spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Runs a script with a tmpfs of its own, which nobody else sees, mounted on a folder. */
export function runOnSmallDisk(
  script: string,
  given: { readonly folder: string; readonly sizeKiB: number; readonly ballastKiB: number },
): { readonly stdout: string; readonly stderr: string } {
  const { folder, sizeKiB, ballastKiB } = given;
  const steps = `
    set -e
    mount -t tmpfs -o size=${sizeKiB}k,mode=0700 tmpfs "$1"
    head -c ${ballastKiB}k /dev/zero > "$1/ballast"
    exec "$2" "$3" "$1/state" "$1/ballast"`;
  const file = join(import.meta.dirname, script);
  const argv = ['--mount', '--', 'sh', '-c', steps, 'sh', folder, process.execPath, file];
  return spawnSync('unshare', argv, { encoding: 'utf8' });
}
