import type { JailConfig, KernelConfig } from '@remand/api';
import { bundled } from '@remand/daemon';
import { createKernel } from '@remand/kernel';

// Reads one log to its end with a whole kernel and its ledger on disk, and reports the time from
// `start` until the last line is committed.
const [log = '', stateFolder = '', jailCount = '1', bytes = '0'] = process.argv.slice(2);

const jails: JailConfig[] = Array.from({ length: Number(jailCount) }, (_, n) => ({
  name: n === 0 ? 'sshd' : `service-${n}`,
  filter:
    n === 0
      ? { name: 'sshd', options: {}, path: [] }
      : { name: 'service', options: { program: `service-${n}` }, path: [] },
  sources: [{ name: 'file', options: { paths: [log] }, path: [] }],
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

const kernel = await createKernel({
  config,
  bundled,
  stateFolder,
  version: 'bench',
  importModule: ({ specifier }) => import(specifier),
});
const cpuBefore = process.cpuUsage();
const before = performance.now();
await kernel.start();
for (;;) {
  const { jails: reports } = await kernel.control.status({});
  const [first] = reports;
  if (first && first.lines > 0 && first.behind === 0) break;
  await new Promise((resolve) => setTimeout(resolve, 2));
}
const ms = performance.now() - before;
const cpu = process.cpuUsage(cpuBefore);
const [first] = (await kernel.control.status({})).jails;
await kernel.stop();
process.stdout.write(
  JSON.stringify({
    ms,
    cpuMs: (cpu.user + cpu.system) / 1000,
    bytes: Number(bytes),
    lines: first?.lines,
    offences: first?.offences,
    banned: first?.banned,
    rssMb: process.memoryUsage.rss() / 1024 / 1024,
  }),
);
