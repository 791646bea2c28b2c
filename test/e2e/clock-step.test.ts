import { appendFileSync, globSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { Network } from './support/network.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

const hour = 3_600;
const host = '203.0.113.77';

needs(
  'root',
  'ip',
  'nft',
  'sysctl',
  'faketime',
)('a wall clock that is set', () => {
  let folder: string;
  let network: Network;
  let daemon: Daemon;
  let offset: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'remand-e2e-clock-'));
    setClock(0);
    network = new Network();
    const [library = ''] = globSync('/usr/lib/*/faketime/libfaketime.so.1');
    daemon = new Daemon(
      network.argv(
        'firewall',
        'env',
        `LD_PRELOAD=${library}`,
        `FAKETIME_TIMESTAMP_FILE=${join(folder, 'offset')}`,
        'FAKETIME_DONT_FAKE_MONOTONIC=1',
        'FAKETIME_NO_CACHE=1',
        'NO_FAKE_STAT=1',
      ),
    );
  });

  afterEach(async () => {
    await daemon.remove();
    network.remove();
    rmSync(folder, { recursive: true });
  });

  /** Sets the clock of the daemon alone, in seconds from the true time. */
  function setClock(seconds: number): void {
    offset = seconds;
    writeFileSync(join(folder, 'new'), `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(join(folder, 'new'), join(folder, 'offset'));
  }

  const its = () => Date.now() + offset * 1_000;

  function attack(address: string, times = 3): void {
    const line = failedPassword(address, new Date(its()));
    for (let count = 0; count < times; count++) appendFileSync(daemon.log, line);
  }

  async function start(banTime: string): Promise<void> {
    daemon.configure(
      `  sshd: { filter: sshd, sources: [LOG], actions: [nftables], maxRetry: 3, banTime: ${banTime} }`,
    );
    await daemon.start();
  }

  /** Seconds that an address stays in the set; undefined when it is not in. */
  function remaining(address: string): number | undefined {
    const listing = JSON.parse(
      network.exec('firewall', 'nft', '-j', 'list', 'set', 'inet', 'remand', 'ban-sshd-v4_32'),
    );
    const { elem = [] } = listing.nftables.find((one: object) => 'set' in one).set;
    return elem.find((one: { elem: { val: string } }) => one.elem.val === address)?.elem.expires;
  }

  async function expectClock(): Promise<void> {
    const { now } = await daemon.status();
    expect(Math.abs(Date.parse(now) - its())).toBeLessThan(10_000);
  }

  it('forward: a ban that is over by it ends within seconds, and a later one is counted', async () => {
    await start('30m');
    attack(host);
    await daemon.waitForBan(host);
    expect(remaining(host)).toBeGreaterThan(1_700);

    setClock(hour);

    await waitFor('the ban to end', () => remaining(host) === undefined, 5_000);
    await daemon.waitForBan(host, false);
    await expectClock();
    attack(host);
    await daemon.waitForBan(host);
    expect(remaining(host)).toBeGreaterThan(1_700);
    expect(remaining(host)).toBeLessThanOrEqual(1_800);
    expect((await daemon.why(host)).events.map(({ kind }) => kind)).toEqual([
      ...['offence', 'offence', 'offence', 'ban', 'expire'],
      ...['offence', 'offence', 'offence', 'ban'],
    ]);
    await expectHealthy();
  });

  it('forward: a ban that is not over yet gets the rest of its time', async () => {
    await start('2h');
    attack(host);
    await daemon.waitForBan(host);

    setClock(hour);

    await waitFor('the new rest', () => (remaining(host) ?? 0) <= hour, 5_000);
    expect(remaining(host)).toBeGreaterThan(hour - 60);
    await daemon.waitForBan(host);
    await expectHealthy();
  });

  it('backward: a ban lasts until its time by the new clock, and new lines are counted', async () => {
    await start('30m');
    attack(host);
    await daemon.waitForBan(host);

    setClock(-hour);

    await waitFor('the new rest', () => (remaining(host) ?? 0) > hour, 5_000);
    expect(remaining(host)).toBeLessThanOrEqual(hour + 1_800);
    await daemon.waitForBan(host);
    await expectClock();
    attack('198.18.0.9');
    await daemon.waitForBan('198.18.0.9');
    expect(remaining('198.18.0.9')).toBeLessThanOrEqual(1_800);
    await expectHealthy();
  });

  it('backward and corrected: a ban ends when it would have', async () => {
    await start('15s');
    attack(host);
    const banned = performance.now();
    await daemon.waitForBan(host);
    setClock(-hour);
    await waitFor('the new rest', () => (remaining(host) ?? 0) > hour - 60, 5_000);

    setClock(0);

    await waitFor('the old rest', () => (remaining(host) ?? 0) <= 15, 5_000);
    await waitFor('the end', () => remaining(host) === undefined);
    const seconds = (performance.now() - banned) / 1_000;
    expect(seconds).toBeGreaterThan(13.5);
    expect(seconds).toBeLessThan(18.5);
    await expectHealthy();
  });

  it('backward over a restart: a ban is not lost', async () => {
    await start('30m');
    attack(host);
    await daemon.waitForBan(host);
    expect(await daemon.end()).toBe(0);
    setClock(-hour);

    await daemon.start();

    await daemon.waitForBan(host);
    await waitFor('the new rest', () => (remaining(host) ?? 0) > hour, 5_000);
    attack('198.18.0.9');
    await daemon.waitForBan('198.18.0.9');
    await expectHealthy();
  });

  async function expectHealthy(): Promise<void> {
    const { lists, state } = await daemon.status();
    expect(daemon.running).toBe(true);
    expect(state.state).toBe('ok');
    expect(lists).toMatchObject([{ state: 'ok', notEnforced: 0 }]);
  }
});
