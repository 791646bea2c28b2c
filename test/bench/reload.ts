import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Daemon } from '../e2e/support/daemon.ts';
import type { Network } from '../e2e/support/network.ts';
import { waitFor } from '../e2e/support/wait-for.ts';
import { elements, withDaemon } from './firewall.ts';
import { attackerAddress, bsdTime } from './generate-log.ts';
import type { Row } from './row.ts';

const bans = 100_000;
const fuse = 'fuse: { bans: 100000000, within: 1m }';

/** Reloads with 100 000 live bans while a log is written to: how long its latest line waited. */
export async function reloadRows(): Promise<Row[]> {
  return withDaemon({ banTime: '1d' }, async (daemon, network) => {
    appendFileSync(daemon.log, Array.from({ length: bans }, (_, n) => offence(n)).join(''));
    await waitFor('100 000 bans', () => elements(network) >= bans, 120_000);
    const log = new BusyLog(daemon, network);
    try {
      await log.begin();
      const kept = await log.row(
        'that adds a jail and another source option',
        jails('nftables', 'UTC'),
      );
      const moved = await log.row(
        'that moves all bans to another list',
        jails('{ nftables: { name: b } }', 'UTC'),
      );
      // The new list is filled as at a start, and has no budget of its own.
      return [{ ...kept, budget: '≤ 1 s', kept: kept.value <= 1_000 }, moved];
    } finally {
      log.end();
    }
  });
}

const jails = (action: string, zone: string) =>
  ['sshd', 'more']
    .map(
      (name) =>
        `  ${name}: { filter: sshd, sources: [{ file: { paths: [LOG], timeZone: ${zone} } }], actions: [${action}], maxRetry: 1, banTime: 1d, observe: ${name === 'more'} }`,
    )
    .join('\n');

/** Writes some thousand lines a second; one in twenty bans, and `nft monitor` says when. */
class BusyLog {
  readonly #daemon: Daemon;
  readonly #writtenAt = new Map<string, number>();
  readonly #monitor;
  #timer: NodeJS.Timeout | undefined;
  #next = bans;
  #latest = 0;

  constructor(daemon: Daemon, network: Network) {
    this.#daemon = daemon;
    const [program = '', ...args] = network.argv('firewall', 'stdbuf', '-oL', 'nft', 'monitor');
    this.#monitor = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    createInterface({ input: this.#monitor.stdout }).on('line', (text) => this.#see(text));
  }

  /** Begins once the monitor listens. */
  async begin(): Promise<void> {
    await sleep(1_000);
    this.#timer = setInterval(() => this.#write(), 10);
    await sleep(2_000);
  }

  async row(what: string, config: string): Promise<Row> {
    await this.#quiet();
    this.#latest = 0;
    this.#daemon.configure(config, fuse);
    const before = performance.now();
    const { code, stdout } = await this.#daemon.cli('reload');
    if (code !== 0) throw new Error(`the reload failed: ${stdout}`);
    const took = performance.now() - before;
    await this.#quiet();
    const ms = this.#latest;
    return {
      what: `reload with 100 000 live bans and a busy log, ${what} → latest line blocked`,
      measured: `${(ms / 1000).toFixed(2)} s (the command: ${(took / 1000).toFixed(2)} s)`,
      value: ms,
      unit: 'ms',
    };
  }

  end(): void {
    clearInterval(this.#timer);
    this.#monitor.kill('SIGKILL');
  }

  /** Until everything that was written until now is blocked. */
  async #quiet(): Promise<void> {
    const asked = performance.now();
    await waitFor(
      'the log to be read',
      () => [...this.#writtenAt.values()].every((at) => at > asked),
      60_000,
    );
  }

  #write(): void {
    const address = attackerAddress(this.#next);
    const noise = `${bsdTime(Date.now())} web1 cron[7]: (root) CMD (true)\n`.repeat(20);
    this.#writtenAt.set(address, performance.now());
    appendFileSync(this.#daemon.log, noise + offence(this.#next++));
  }

  #see(text: string): void {
    if (!text.startsWith('add element')) return;
    for (const [address] of text.matchAll(/\d+\.\d+\.\d+\.\d+/g)) {
      const at = this.#writtenAt.get(address);
      if (at === undefined) continue;
      this.#writtenAt.delete(address);
      this.#latest = Math.max(this.#latest, performance.now() - at);
    }
  }
}

function offence(n: number): string {
  return `${bsdTime(Date.now())} web1 sshd[9]: Failed password for root from ${attackerAddress(n)} port 4000 ssh2\n`;
}
