import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JailConfig, KernelConfig } from '@remand/api';
import { bundled } from '@remand/daemon';
import { createKernel, type Kernel } from '@remand/kernel';

// Reads one log from its first line with a whole kernel and its ledger on disk, and reports the time
// from its start, with the log as its backlog, until the last line is committed.
const [log = '', stateFolder = '', jailCount = '1', lines = '0'] = process.argv.slice(2);
const followed = join(stateFolder, 'followed.log');

const jails: JailConfig[] = Array.from({ length: Number(jailCount) }, (_, n) => ({
  name: n === 0 ? 'sshd' : `service-${n}`,
  filter:
    n === 0
      ? { name: 'sshd', options: {}, path: [] }
      : { name: 'service', options: { program: `service-${n}` }, path: [] },
  sources: [{ name: 'file', options: { paths: [followed] }, path: [] }],
  actions: [{ name: 'observe', options: {}, path: [] }],
  findTimeMs: 600_000,
  maxRetry: 3,
  banTimeMs: 600_000,
  observe: false,
  path: [],
}));
const config: KernelConfig = {
  plugins: Number(jailCount) > 1 ? [{ specifier: './service-filter.ts', path: [] }] : [],
  neverBan: [],
  defaultActions: [],
  defaultBanTimeMs: 600_000,
  jails,
  notifiers: [],
  fuse: { bans: 1_000_000_000, withinMs: 60_000 },
  observe: false,
  maxLineBytes: 16_384,
  maxTracked: 100_000,
};

const newKernel = () =>
  createKernel({
    config,
    bundled,
    stateFolder,
    version: 'bench',
    importModule: ({ specifier }) => import(specifier),
  });

// A first life leaves a bookmark, so that the log, longer than what is read back without one, is a
// backlog like any other.
writeFileSync(followed, 'Jan  1 00:00:00 web1 CRON[1]: a first line\n');
const earlier = await newKernel();
await earlier.start();
await untilRead(earlier, 1);
await earlier.stop();
execFileSync('dd', [
  `if=${log}`,
  `of=${followed}`,
  'bs=4M',
  'oflag=append',
  'conv=notrunc',
  'status=none',
]);

const kernel = await newKernel();
const cpuBefore = process.cpuUsage();
const before = performance.now();
await kernel.start();
await untilRead(kernel, Number(lines));
const ms = performance.now() - before;
const cpu = process.cpuUsage(cpuBefore);
const [first] = (await kernel.control.status({})).jails;
await kernel.stop();
process.stdout.write(
  JSON.stringify({
    ms,
    cpuMs: (cpu.user + cpu.system) / 1000,
    lines: first?.lines,
    offences: first?.offences,
    banned: first?.banned,
    rssMb: process.memoryUsage.rss() / 1024 / 1024,
  }),
);

async function untilRead(kernel: Kernel, lines: number): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const { jails: reports } = await kernel.control.status({});
    if ((reports[0]?.lines ?? 0) >= lines) return;
    if (performance.now() - begun > 60_000) throw new Error('the log was not read to its end');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
