import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { Network } from './support/network.ts';

const rc = '  sshd: { filter: sshd, sources: [LOG], actions: [nftables] }';

needs(
  'root',
  'ip',
  'nft',
)('remand beside another program that blocks', () => {
  let network: Network;
  let daemon: Daemon;
  let other: ChildProcess | undefined;

  beforeEach(() => {
    network = new Network();
    daemon = new Daemon(network.argv('firewall'));
    daemon.configure(rc);
  });

  afterEach(async () => {
    if (other) {
      const ended = once(other, 'exit');
      other.kill('SIGKILL');
      await ended;
      other = undefined;
    }
    await daemon.remove();
    network.remove();
  });

  /** A process that is called like fail2ban's server and does nothing. */
  async function pretend(place: 'firewall' | 'attacker'): Promise<number> {
    const script = join(daemon.folder, 'fail2ban-server');
    writeFileSync(script, '#!/bin/sh\necho ready\nread line\n', { mode: 0o700 });
    const [program = '', ...args] = network.argv(place, script, '-xf', 'start');
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    other = child;
    await once(child.stdout, 'data');
    return child.pid ?? 0;
  }

  const running = async () =>
    (await daemon.status()).neighbours?.found.filter(({ state }) => state === 'running');

  it('warns in status and in the log, with its pid and whether the lists can meet', async () => {
    const pid = await pretend('firewall');
    await daemon.start();

    expect(await running()).toMatchObject([
      {
        program: 'fail2ban',
        pid,
        foundBy: [`process fail2ban-server (pid ${pid})`],
        meetsIn: [],
      },
    ]);
    const { code, stdout } = await daemon.cli('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^! fail2ban: blocks addresses on this machine too .*cannot meet\n {2}→/m,
    );
    expect(daemon.output).toMatch(/neighbour .*fail2ban/);
  });

  it('warns in check, which has no mistakes for all that', async () => {
    const pid = await pretend('firewall');

    const answer = await daemon.cli('check');

    expect(answer.code).toBe(0);
    expect(answer.stdout).toContain(`process fail2ban-server (pid ${pid})`);
    expect(answer.stdout).toMatch(/no mistakes, with/);
  });

  it('takes one in another network for no neighbour', async () => {
    await pretend('attacker');
    await daemon.start();

    expect(await running()).toEqual([]);
  });
});
