import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled, createCommandRunner } from '@remand/daemon';
import { createKernel } from '@remand/kernel';
import { TestJournal } from '../support/test-journal.ts';
import type { Row } from './row.ts';

const entries = 500_000;

/** Entries of a real journal a second, one in five of an attack, with journalctl and a whole kernel. */
export async function journalRows(): Promise<Row[]> {
  const journal = new TestJournal();
  const stateFolder = mkdtempSync(join(tmpdir(), 'remand-bench-'));
  try {
    for (let from = 0; from < entries; from += 50_000) journal.write(exported(from, 50_000));
    const alone = timed(() => {
      const argv = ['--directory', journal.folder, '-o', 'json', '--all', '--merge', fields];
      execFileSync('journalctl', argv, { stdio: 'ignore' });
    });
    const perSecond = await read(journal.folder, stateFolder);
    return [
      {
        what: `journal → counters → bans, ${entries} entries, one in five of an attack`,
        measured: `${Math.round(perSecond / 1000)} 000 entries/s`,
        value: perSecond,
        unit: 'entries/s',
        budget: '≥ 50 000 entries/s',
        kept: perSecond >= 50_000,
      },
      {
        what: 'journalctl alone, the same entries into nothing',
        measured: `${Math.round(entries / alone)} 000 entries/s`,
        value: (entries / alone) * 1000,
        unit: 'entries/s',
      },
    ];
  } finally {
    journal.cleanUp();
    rmSync(stateFolder, { recursive: true, force: true });
  }
}

const fields = '--output-fields=MESSAGE,SYSLOG_IDENTIFIER,SYSLOG_PID,_COMM,_HOSTNAME,_PID';

async function read(directory: string, stateFolder: string): Promise<number> {
  const kernel = await createKernel({
    config: {
      plugins: [],
      neverBan: [],
      defaultActions: [],
      defaultBanTimeMs: 600_000,
      jails: [
        {
          name: 'sshd',
          filter: { name: 'sshd', options: {}, path: [] },
          sources: [{ name: 'journal', options: { directory }, path: [] }],
          actions: [{ name: 'observe', options: {}, path: [] }],
          findTimeMs: 600_000,
          maxRetry: 3,
          banTimeMs: 600_000,
          observe: false,
          path: [],
        },
      ],
      notifiers: [],
      fuse: { bans: 1_000_000_000, withinMs: 60_000 },
      observe: false,
      maxLineBytes: 16_384,
      maxTracked: 100_000,
    },
    bundled,
    stateFolder,
    version: 'bench',
    commands: createCommandRunner(),
  });
  const before = performance.now();
  await kernel.start();
  try {
    for (;;) {
      const [jail] = (await kernel.control.status({})).jails;
      if ((jail?.lines ?? 0) >= entries) break;
      if (performance.now() - before > 120_000) throw new Error('the journal was not read');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return (entries / (performance.now() - before)) * 1000;
  } finally {
    await kernel.stop();
  }
}

function timed(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

/** In the journal export format; times within the last five minutes, in order. */
function exported(from: number, count: number): string {
  const boot = '1'.repeat(32);
  const first = (Date.now() - 300_000) * 1_000;
  const parts: string[] = [];
  for (let at = from; at < from + count; at++) {
    const attack = at % 5 === 0;
    const message = attack
      ? `Failed password for root from 198.51.${at % 100}.${(at >> 3) % 250} port 40000 ssh2`
      : `pam_unix(cron:session): session opened for user root(uid=0) by (uid=${at})`;
    parts.push(
      `__REALTIME_TIMESTAMP=${first + at * 100}\n__MONOTONIC_TIMESTAMP=${1_000_000 + at * 100}\n`,
      `_BOOT_ID=${boot}\n_HOSTNAME=gate\n_PID=${1_000 + (at % 900)}\n_UID=0\n_TRANSPORT=syslog\n`,
      `SYSLOG_IDENTIFIER=${attack ? 'sshd' : 'CRON'}\nPRIORITY=6\nMESSAGE=${message}\n\n`,
    );
  }
  return parts.join('');
}
