import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateLog } from './generate-log.ts';
import { median, type Row } from './row.ts';

export interface ReplayRowGiven {
  readonly folder: string;
  readonly lines: number;
  readonly seed: number;
  readonly runs: number;
}

const remand = join(import.meta.dirname, '../../packages/cli/bin/remand.js');

const jails = `version: 1
jails:
  sshd: { filter: sshd, sources: [/var/log/auth.log], actions: [observe] }
`;
const rungs = `escalation:
  - { name: repeat-offender, after: 3, within: 1w, banTime: 1w }
  - { name: for-ever, after: 3, of: repeat-offender, within: 13w, banTime: forever }
`;
const perSecond = 200;

/** `remand replay` as somebody runs it: from the start of the process to its end, one core. */
export async function replayRow({ folder, lines, seed, runs }: ReplayRowGiven): Promise<Row> {
  const log = join(folder, 'month.log');
  const rc = writeRc(folder, 'replay.yaml', jails);
  const startMs = Date.now() - (lines / perSecond) * 1000;
  await generateLog({
    ...{ path: log, lines, seed, startMs, perSecond },
    attackPercent: 20,
    attackers: 2_000,
  });
  try {
    const perSecondOf = Array.from({ length: runs }, () => lines / replaySeconds(log, rc, lines));
    const value = median(perSecondOf);
    return {
      what: `replay, whole process, mixed auth.log of ${lines} lines`,
      measured: `${(value / 1e6).toFixed(2)} M lines/s`,
      value,
      unit: 'lines/s',
      budget: '≥ 1.5 M lines/s, stretch 3 M',
      kept: value >= 1_500_000,
    };
  } finally {
    rmSync(log);
  }
}

/** What deciding two rungs adds, on a log of nothing but attacks. */
export async function rungRow({ folder, lines, seed, runs }: ReplayRowGiven): Promise<Row> {
  const log = join(folder, 'attacks.log');
  const without = writeRc(folder, 'without-rungs.yaml', jails);
  const withRungs = writeRc(folder, 'with-rungs.yaml', jails + rungs);
  const startMs = Date.now() - (lines / perSecond) * 1000;
  await generateLog({
    ...{ path: log, lines, seed, startMs, perSecond },
    attackPercent: 100,
    attackers: 2_000,
  });
  try {
    const value = median(
      Array.from({ length: runs }, () => {
        const before = replaySeconds(log, without, lines);
        return replaySeconds(log, withRungs, lines) / before;
      }),
    );
    return {
      what: `two rungs, replay of ${lines} lines of attacks alone`,
      measured: `${value.toFixed(2)} × the time`,
      value,
      unit: 'ratio',
      budget: '≤ 1.1 ×',
      kept: value <= 1.1,
    };
  } finally {
    rmSync(log);
  }
}

export function writeRc(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** From the start of the process to its end, on one core. */
export function replaySeconds(log: string, rc: string, lines: number): number {
  const before = performance.now();
  const args = ['-c', '0', process.execPath, remand, 'replay', log, '--json', '-c', rc];
  const output = execFileSync('taskset', args, {
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  });
  const seconds = (performance.now() - before) / 1000;
  const answer: { readonly lines: number } = JSON.parse(output);
  if (answer.lines !== lines) throw new Error(`replay read ${answer.lines} of ${lines} lines`);
  return seconds;
}
