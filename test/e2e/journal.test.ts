import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { TestJournal } from '../support/test-journal.ts';
import { Daemon } from './support/daemon.ts';
import { addresses, Network } from './support/network.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, neighbour, server } = addresses;

/** Puts a journal where the machine's would be, for what runs behind it alone; no other log is there. */
const withJournal = [
  'mount -t tmpfs none /var/log && mkdir -p "$0" && mount --bind "$1" "$0"',
  'mount -t tmpfs none /run && shift && exec "$@"',
].join(' && ');

needs(
  'root',
  'ip',
  'nft',
  'unshare',
  'journalctl',
  'systemd-journal-remote',
)('remand where sshd logs to the journal alone', () => {
  let network: Network;
  let journal: TestJournal;
  let daemon: Daemon;

  beforeEach(() => {
    network = new Network();
    const machine = readFileSync('/etc/machine-id', 'latin1').trim();
    journal = new TestJournal(machine);
    const inside = ['sh', '-c', withJournal, `/var/log/journal/${machine}`, journal.folder];
    daemon = new Daemon([...network.argv('firewall'), 'unshare', '--mount', ...inside]);
    // Three of the five lines; the others are the version and `jails:`, and where this test keeps its state.
    daemon.configure('  sshd:\n    filter: sshd', 'defaults: { actions: [nftables] }');
    rmSync(daemon.log);
  });

  afterEach(async () => {
    await daemon.remove();
    journal.cleanUp();
    network.remove();
  });

  const failed = (address: string, more: Readonly<Record<string, string>> = {}) => ({
    SYSLOG_IDENTIFIER: 'sshd',
    _PID: '4321',
    _UID: '0',
    MESSAGE: `Failed password for root from ${address} port 40000 ssh2`,
    ...more,
  });

  const blocked = () => network.exec('firewall', 'nft', 'list', 'ruleset');

  it('bans attackers by an rc of five lines, and no one by what others write', async () => {
    journal.append({
      SYSLOG_IDENTIFIER: 'sshd',
      _UID: '0',
      MESSAGE: 'Server listening on :: port 22.',
    });
    expect((await daemon.cli('check')).stdout).toMatch(
      /usual for filter sshd: the journal has lines of it/,
    );
    await daemon.start();

    const forged = failed(neighbour.host, { _UID: '1000' });
    const elsewhere = failed(server.host, { _MACHINE_ID: 'f'.repeat(32) });
    for (let count = 0; count < 3; count++) {
      journal.append(forged, elsewhere, failed(attacker.host));
    }
    await daemon.waitForBan(attacker.host);

    expect(blocked()).toContain(attacker.host);
    expect((await daemon.bans()).map(({ address }) => address)).toEqual([attacker.host]);
  });

  it('counts what was written while it was killed, once, through a rotation', async () => {
    journal.append({ SYSLOG_IDENTIFIER: 'systemd', _PID: '1', MESSAGE: 'Started.' });
    await daemon.start();
    journal.append(failed(attacker.host));
    await waitFor('the first offence', async () => (await jail())?.offences === 1);
    await daemon.end('SIGKILL');

    journal.append(failed(attacker.host));
    journal.rotate();
    await daemon.start();
    await waitFor('the second offence', async () => (await jail())?.offences === 1);
    expect(await daemon.bans()).toEqual([]);
    journal.append(failed(attacker.host));

    await daemon.waitForBan(attacker.host);
  });

  const jail = async () => (await daemon.status()).jails[0];
});
