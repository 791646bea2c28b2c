import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Row, skipped } from './row.ts';

/** What others need for the same lines on this machine, where they are installed. */
export function peerRows(given: {
  readonly log: string;
  readonly lines: number;
  readonly folder: string;
}): Row[] {
  return [grep(given), sshguard(given), fail2ban(given)];
}

function grep({ log, lines }: { log: string; lines: number }): Row {
  const ms = timed('taskset', ['-c', '0', 'grep', '-c', 'Failed password', log]);
  return rate('grep -c, one core', lines, ms);
}

/** SSHGuard's parser reads lines from stdin and writes attacks; nothing else of it runs. */
function sshguard({ log, lines }: { log: string; lines: number }): Row {
  const parser = ['/usr/libexec/sshguard/sshg-parser', '/usr/lib/sshguard/sshg-parser'].find(
    (path) => existsSync(path),
  );
  const what = "SSHGuard's parser alone, one core";
  if (!parser) return skipped(what, 'sshguard is not installed');
  const stdin = openSync(log, 'r');
  const before = performance.now();
  spawnSync('taskset', ['-c', '0', parser], { stdio: [stdin, 'ignore', 'ignore'] });
  return rate(what, lines, performance.now() - before);
}

/** fail2ban's own tester, on the first lines: it is slow. */
function fail2ban({ log, folder }: { log: string; folder: string }): Row {
  const what = 'fail2ban-regex with its sshd filter, one core, 20 000 lines';
  if (!existsSync('/usr/bin/fail2ban-regex')) return skipped(what, 'fail2ban is not installed');
  const sample = join(folder, 'sample.log');
  const lines = 20_000;
  writeFileSync(sample, readFileSync(log, 'latin1').split('\n', lines).join('\n'), 'latin1');
  const ms = timed('taskset', ['-c', '0', 'fail2ban-regex', sample, 'sshd']);
  return rate(what, lines, ms);
}

function timed(program: string, args: readonly string[]): number {
  const before = performance.now();
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  return performance.now() - before;
}

function rate(what: string, lines: number, ms: number): Row {
  const perSecond = lines / (ms / 1000);
  return {
    what,
    measured: `${(perSecond / 1e6).toFixed(perSecond < 1e5 ? 4 : 2)} M lines/s`,
    value: perSecond,
    unit: 'lines/s',
  };
}
