import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled } from '../support/programs.ts';
import { adminSetRows } from './admin-set.ts';
import { expiryWaveRows } from './expiry-wave.ts';
import { allFiltersRow, filterRows } from './filters.ts';
import { firewallRows } from './firewall.ts';
import { generateLog } from './generate-log.ts';
import { hostsDenyRows } from './hosts-deny.ts';
import { iptablesRows } from './iptables.ts';
import { journalRows } from './journal.ts';
import { nftablesRows } from './nftables.ts';
import { notifierRows } from './notifier.ts';
import { peerRows } from './peers.ts';
import { reloadRows } from './reload.ts';
import { replayRow, rungRow } from './replay.ts';
import { restartAndMemoryRows } from './restart.ts';
import { routeRows } from './route.ts';
import { type Row, skipped } from './row.ts';
import { shorewallRows } from './shorewall.ts';
import { throughputRows } from './throughput.ts';

// npm run bench [-- --quick]: every row of the budget, then what others need, in one run.
const quick = process.argv.includes('--quick');
const lines = 3_000_000;
const seed = 20_260_101;
const folder = mkdtempSync(join(tmpdir(), 'remand-bench-'));
const rows: Row[] = [];

try {
  const log = join(folder, 'auth.log');
  const perSecond = 200;
  const startMs = Date.now() - (lines / perSecond) * 1000;
  say(`writing a log of ${lines} lines from seed ${seed}`);
  const { bytes } = await generateLog({
    ...{ path: log, lines, seed, startMs, perSecond },
    attackPercent: 20,
    attackers: 2_000,
  });
  say(`reading it (${(bytes / 1e6).toFixed(0)} MB)`);
  rows.push(...throughputRows({ log, lines, runs: quick ? 1 : 5 }));
  say('asking all filters');
  rows.push(allFiltersRow({ log, folder, lines, runs: quick ? 3 : 5 }), ...(await filterRows()));
  say('replaying a larger one');
  rows.push(await replayRow({ folder, lines: 5_000_000, seed, runs: quick ? 1 : 5 }));
  rows.push(await rungRow({ folder, lines: 1_000_000, seed, runs: quick ? 3 : 7 }));
  if (isInstalled('journalctl') && isInstalled('systemd-journal-remote')) {
    say('reading a journal');
    rows.push(...(await journalRows()));
  } else {
    rows.push(skipped('the rows with the journal', 'they need systemd-journal-remote'));
  }
  say('reading it with others');
  rows.push(...peerRows({ log, lines, folder }));
  if (process.getuid?.() === 0 && existsSync('/usr/sbin/nft')) {
    say('banning in a network namespace');
    rows.push(...(await firewallRows()), ...(await nftablesRows()));
    say('banning beside a notifier that hangs');
    rows.push(...(await notifierRows({ runs: quick ? 1 : 5 })));
    say('reloading with 100 000 bans');
    rows.push(...(await reloadRows()));
    say('restarting with 100 000 bans, filling memory');
    rows.push(...(await restartAndMemoryRows({ attackers: quick ? 1_000_000 : 10_000_000 })));
  } else {
    rows.push(skipped('the rows with nftables', 'they need root and nft'));
  }
  if (process.getuid?.() === 0 && isInstalled('iptables') && isInstalled('ipset')) {
    say('banning and unbanning with iptables');
    rows.push(...(await iptablesRows()));
    rows.push(...(await adminSetRows()));
  } else {
    rows.push(skipped('the rows with iptables', 'they need root, iptables and ipset'));
  }
  if (process.getuid?.() === 0 && isInstalled('ip')) {
    say('banning and unbanning in hosts.deny and by routes');
    rows.push(...(await hostsDenyRows()), ...(await routeRows()));
    say('letting one of three jails end all its bans');
    rows.push(...(await expiryWaveRows()));
  } else {
    rows.push(skipped('the rows with hosts.deny and routes', 'they need root and ip'));
  }
  if (process.getuid?.() === 0 && isInstalled('shorewall') && isInstalled('shorewall6')) {
    say('banning and unbanning with shorewall');
    rows.push(...(await shorewallRows()));
  } else {
    rows.push(skipped('the rows with shorewall', 'they need root, shorewall and shorewall6'));
  }
  print(rows);
  mkdirSync('reports', { recursive: true });
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  writeFileSync(
    'reports/bench.json',
    `${JSON.stringify({ seed, lines, machine, rows }, null, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(all: readonly Row[]): void {
  console.log('\n| what | measured | budget | kept |\n|---|---|---|---|');
  for (const { what, measured, budget, kept } of all) {
    const verdict = kept === undefined ? '' : kept ? 'yes' : '**no**';
    console.log(`| ${what} | ${measured} | ${budget ?? ''} | ${verdict} |`);
  }
}

function say(text: string): void {
  console.error(`bench: ${text}`);
}
