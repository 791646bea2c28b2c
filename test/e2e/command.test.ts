import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';
import { sshdJails } from './support/sshd-jails.ts';
import { waitFor } from './support/wait-for.ts';

const host = '198.51.100.10';
const keeper = join(import.meta.dirname, '../../plugins/action-command/test/keeper.js');

describe('remand with programs of the administrator', () => {
  let daemon: Daemon;

  beforeEach(() => {
    daemon = new Daemon();
  });

  afterEach(() => daemon.remove());

  const file = () => join(daemon.folder, 'kept.json');
  const isKept = () => existsSync(file()) && readFileSync(file(), 'utf8').includes(host);

  function configure(banTime: string, ...more: readonly object[]): void {
    const run = (...args: readonly string[]) => [process.execPath, keeper, file(), ...args];
    const use = {
      name: 'edge',
      add: run('add', '{address}', '0'),
      remove: run('remove', '{address}'),
      ...Object.assign({}, ...more),
    };
    daemon.configure(sshdJails({ sshd: banTime }, [{ command: use }]));
  }

  it('bans and unbans by them, also what ended while the daemon was killed, without a list', async () => {
    configure('3s');
    await daemon.start();
    await daemon.attackUntilBanned(host);
    expect(isKept()).toBe(true);

    await daemon.end('SIGKILL');
    const killed = performance.now();
    await waitFor('the ban to end unseen', () => performance.now() - killed > 3_500);
    expect(isKept()).toBe(true);
    await daemon.start();

    await waitFor('the address to be let in', () => !isKept());
    expect(await daemon.bans()).toEqual([]);
  });

  it('says of an address that the program refuses what it said, and bans when it no longer does', async () => {
    configure('1h', {
      add: [process.execPath, keeper, join(daemon.folder, 'x'), 'refuse', '{address}'],
    });
    await daemon.start();
    daemon.attack(host);

    await waitFor('the refusal to be shown', async () => {
      const [ban] = await daemon.bans();
      return /ended with 7: the box is closed/.test(ban?.holds[0]?.lists[0]?.reason ?? '');
    });
    expect((await daemon.status()).lists).toMatchObject([{ list: 'command/edge', notEnforced: 1 }]);
    await daemon.end();
    configure('1h');
    await daemon.start();

    await daemon.waitForBan(host);
    expect(isKept()).toBe(true);
    expect((await daemon.cli('flush')).code).toBe(0);
    expect(isKept()).toBe(false);
  });
});
