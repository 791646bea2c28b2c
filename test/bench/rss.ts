import { readFileSync } from 'node:fs';
import type { Daemon } from '../e2e/support/daemon.ts';

/** The daemon runs behind `ip netns exec`, which execs: the child's pid is its own. */
export function rssMb(daemon: Daemon): number {
  const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
