import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  globSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { Network } from './support/network.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

const attackers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `198.18.${(from + n) >> 8}.${(from + n) & 255}`);

function attack(daemon: Daemon, hosts: readonly string[]): void {
  appendFileSync(daemon.log, hosts.map((host) => failedPassword(host)).join(''));
}

async function waitForBans(daemon: Daemon, count: number): Promise<void> {
  await waitFor(`${count} enforced bans`, async () => {
    const bans = await daemon.bans();
    return bans.length === count && bans.every(({ enforced }) => enforced);
  });
}

/** A file system in memory, of a test's own. */
function mountTmpfs(folder: string, options: string): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'remand-e2e', folder]);
  return () => {
    execFileSync('umount', [folder]);
  };
}

describe('a state folder that cannot be used', () => {
  let daemon: Daemon;
  let state: string;

  beforeEach(() => {
    daemon = new Daemon();
    state = join(daemon.folder, 'state');
    daemon.configure('  sshd: { filter: sshd, sources: [LOG], observe: true }');
  });

  afterEach(() => daemon.remove());

  it('is refused when it is a file, which is left alone', async () => {
    rmdirSync(state);
    writeFileSync(state, 'my notes');

    await expect(daemon.start()).rejects.toThrow(/state folder .*\/state is not a folder/);

    expect(await daemon.end()).toBe(1);
    expect(daemon.output).toContain('state.path');
    expect(daemon.output).not.toMatch(/^ +at /m);
    expect(readFileSync(state, 'utf8')).toBe('my notes');
  });

  needs('root')('as root', () => {
    it('is refused when its file system is read-only', async () => {
      const unmount = mountTmpfs(state, 'size=1m,mode=0700,ro');
      try {
        await expect(daemon.start()).rejects.toThrow(/cannot be (made|written)/);

        expect(await daemon.end()).toBe(1);
        expect(daemon.output).toContain(state);
        expect(daemon.output).not.toMatch(/^ +at /m);
      } finally {
        unmount();
      }
    });
  });
});

needs(
  'root',
  'ip',
  'nft',
  'sysctl',
)('the state of bans that are in nftables', () => {
  let network: Network;
  let daemon: Daemon;
  let state: string;
  let ends: (() => void)[];

  beforeEach(() => {
    ends = [];
    network = new Network();
    daemon = new Daemon(network.argv('firewall'));
    state = join(daemon.folder, 'state');
    daemon.configure(
      '  sshd: { filter: sshd, sources: [LOG], actions: [nftables], maxRetry: 1, banTime: 1h }',
    );
  });

  afterEach(async () => {
    await daemon.end('SIGKILL');
    for (const end of ends) end();
    await daemon.remove();
    network.remove();
  });

  /** The addresses that the kernel blocks. */
  function blocked(): string[] {
    const table = network.exec('firewall', 'nft', 'list', 'table', 'inet', 'remand');
    return (table.match(/198\.18\.\d+\.\d+/g) ?? []).sort();
  }

  function damage(from: (size: number) => number, bytes: number): void {
    const path = join(state, 'ledger.db');
    const at = from(statSync(path).size);
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(bytes, 'garbage '), 0, bytes, at);
    closeSync(file);
  }

  async function expectRecovered(hosts: readonly string[]): Promise<void> {
    // The log is gone as well, so that only the firewall knows.
    writeFileSync(daemon.log, '');
    await daemon.start();
    await waitForBans(daemon, hosts.length);

    const bans = await daemon.bans();
    const { state: health } = await daemon.status();
    const [aside = ''] = globSync(join(state, 'ledger.db.damaged-*Z'));
    expect(bans.map(({ address }) => address).sort()).toEqual([...hosts].sort());
    for (const { holds } of bans) expect(holds).toMatchObject([{ holder: 'recovered' }]);
    for (const { until } of bans) {
      const minutes = (Date.parse(until ?? '') - Date.now()) / 60_000;
      expect(minutes).toBeGreaterThan(58);
      expect(minutes).toBeLessThanOrEqual(60.1);
    }
    expect(blocked()).toEqual([...hosts].sort());
    expect(aside).not.toBe('');
    expect(health).toMatchObject({
      state: 'degraded',
      reason: expect.stringContaining(`damaged; it lies at ${aside}`),
    });
    expect((await daemon.cli('status')).stdout).toContain('damaged');

    // From the next start on it is as if it had never been.
    expect(await daemon.end()).toBe(0);
    await daemon.start();
    await waitForBans(daemon, hosts.length);
    expect((await daemon.status()).state.state).toBe('ok');
    expect(blocked()).toEqual([...hosts].sort());
  }

  it('is recovered from the firewall when the header of the database is damaged', async () => {
    const hosts = attackers(0, 20);
    await daemon.start();
    attack(daemon, hosts);
    await waitForBans(daemon, hosts.length);
    expect(await daemon.end()).toBe(0);

    damage(() => 0, 100);

    await expectRecovered(hosts);
  });

  it('is recovered from the firewall when the middle of the database is damaged', async () => {
    const hosts = attackers(0, 600);
    await daemon.start();
    attack(daemon, hosts);
    await waitForBans(daemon, hosts.length);
    expect(await daemon.end()).toBe(0);

    damage((size) => Math.floor(size / 2 / 4096) * 4096, 5 * 4096);

    await expectRecovered(hosts);
  });

  it('is kept in memory while the disk is full, and written when it is not', async () => {
    mkdirSync(state, { recursive: true });
    ends.push(mountTmpfs(state, 'size=1m,mode=0700'));
    const early = attackers(0, 5);
    const late = attackers(5, 205);
    await daemon.start();
    attack(daemon, early);
    await waitForBans(daemon, early.length);
    const filler = join(state, 'filler');
    fill(filler);

    attack(daemon, late);
    await waitFor('the bans in the firewall', () => blocked().length === 205);
    const full = await daemon.status();

    expect(full.state).toMatchObject({
      state: 'degraded',
      reason: expect.stringMatching(/full/),
      hint: expect.stringMatching(/space/),
    });
    expect(full.state.unrecorded).toBeGreaterThan(0);
    expect((await daemon.cli('status')).stdout).toMatch(/not recorded/);

    rmSync(filler);
    await waitFor('the ledger to be whole', async () => {
      const { state: now } = await daemon.status();
      return now.state === 'ok' && now.unrecorded === 0;
    });
    await daemon.end('SIGKILL');
    network.nft('flush ruleset');
    // What is back is from the ledger: the log is gone.
    writeFileSync(daemon.log, '');
    await daemon.start();
    await waitForBans(daemon, 205);

    expect(blocked()).toEqual([...early, ...late].sort());
    expect((await daemon.why('198.18.0.100')).events.map(({ kind }) => kind)).toEqual([
      'offence',
      'ban',
    ]);
    expect((await daemon.status()).jails[0]?.offences).toBe(0);
  });

  it('is made again from the log after a stop and a start on a full disk', async () => {
    mkdirSync(state, { recursive: true });
    ends.push(mountTmpfs(state, 'size=1m,mode=0700'));
    await daemon.start();
    attack(daemon, attackers(0, 1));
    await waitForBans(daemon, 1);
    const filler = join(state, 'filler');
    fill(filler);
    attack(daemon, attackers(1, 201));
    await waitFor('the bans in the firewall', () => blocked().length === 201);

    expect(await daemon.end()).toBe(0);
    expect(daemon.output).toMatch(/stopped-with-unwritten-entries/);
    await daemon.start();
    await waitFor('the bans', async () => (await daemon.bans()).length === 201);
    expect((await daemon.status()).state.state).toBe('degraded');
    rmSync(filler);

    await waitFor('the ledger to be whole', async () => {
      const { state: now } = await daemon.status();
      return now.state === 'ok' && now.unrecorded === 0;
    });
    await waitForBans(daemon, 201);
    expect(blocked()).toEqual(attackers(0, 201).sort());
    expect((await daemon.why('198.18.0.100')).events.map(({ kind }) => kind)).toEqual([
      'offence',
      'ban',
    ]);
  });

  /** Writes until nothing more fits. */
  function fill(path: string): void {
    for (const bytes of [64 * 1024, 4096, 1]) {
      try {
        for (;;) appendFileSync(path, Buffer.alloc(bytes, 1));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' });
      }
    }
  }
});
