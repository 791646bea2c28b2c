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

/** `remand replay` as somebody runs it: from the start of the process to its end, one core. */
export async function replayRow({ folder, lines, seed, runs }: ReplayRowGiven): Promise<Row> {
  const log = join(folder, 'month.log');
  const rc = join(folder, 'replay.yaml');
  writeFileSync(
    rc,
    'version: 1\njails:\n  sshd: { filter: sshd, sources: [/var/log/auth.log], actions: [observe] }\n',
    { mode: 0o600 },
  );
  const perSecond = 200;
  const startMs = Date.now() - (lines / perSecond) * 1000;
  await generateLog({
    ...{ path: log, lines, seed, startMs, perSecond },
    attackPercent: 20,
    attackers: 2_000,
  });
  try {
    const perSecondOf = Array.from({ length: runs }, () => {
      const before = performance.now();
      const args = ['-c', '0', process.execPath, remand, 'replay', log, '--json', '-c', rc];
      const output = execFileSync('taskset', args, {
        encoding: 'utf8',
        maxBuffer: 1024 * 1024 * 1024,
      });
      const seconds = (performance.now() - before) / 1000;
      const answer: { readonly lines: number } = JSON.parse(output);
      if (answer.lines !== lines) throw new Error(`replay read ${answer.lines} of ${lines} lines`);
      return lines / seconds;
    });
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
