import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { median, type Row } from './row.ts';

export interface ThroughputGiven {
  readonly log: string;
  readonly lines: number;
  readonly runs: number;
}

/** Rows 1 and 2 of the budget: lines a second on one core, and twenty jails instead of one. */
export function throughputRows(given: ThroughputGiven): Row[] {
  const one: number[] = [];
  const twenty: number[] = [];
  for (let run = 0; run < given.runs; run++) {
    one.push(runOnce(given, 1));
    twenty.push(runOnce(given, 20));
  }
  const perSecond = given.lines / (median(one) / 1000);
  const ratio = median(twenty.map((ms, run) => ms / (one[run] ?? Number.NaN)));
  return [
    {
      what: `file → counters → bans, mixed auth.log of ${given.lines} lines`,
      measured: `${(perSecond / 1e6).toFixed(2)} M lines/s`,
      value: perSecond,
      unit: 'lines/s',
      budget: '≥ 1.5 M lines/s, stretch 3 M',
      kept: perSecond >= 1_500_000,
    },
    {
      what: 'the same with 20 jails instead of 1',
      measured: `${ratio.toFixed(2)} × the time`,
      value: ratio,
      unit: 'ratio',
      budget: '≤ 1.3 ×',
      kept: ratio <= 1.3,
    },
  ];
}

function runOnce({ log, lines }: ThroughputGiven, jails: number): number {
  const state = mkdtempSync(join(dirname(log), 'state-'));
  try {
    const script = join(import.meta.dirname, 'throughput-child.ts');
    const args = ['-c', '0', process.execPath, script, log, state, String(jails), String(lines)];
    const answer = JSON.parse(execFileSync('taskset', args, { encoding: 'utf8' }));
    return answer.ms;
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}
