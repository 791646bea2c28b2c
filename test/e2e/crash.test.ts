import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

const hosts = Array.from({ length: 200 }, (_, n) => `198.51.100.${n + 1}`);

/** Every host fails twice to five times; three are a ban. */
function logText(): string {
  const lines: string[] = [];
  for (let round = 0; round < 5; round++) {
    for (const [n, host] of hosts.entries()) {
      if (round < 2 + (n % 4)) lines.push(failedPassword(host));
    }
  }
  return lines.join('');
}

async function summary(daemon: Daemon) {
  const bans = await daemon.bans();
  const offences = [];
  for (const host of hosts.slice(0, 8)) {
    const answer = await daemon.cli('why', host, '--json');
    const { events } = JSON.parse(answer.stdout);
    offences.push(events.filter((event: { kind: string }) => event.kind === 'offence').length);
  }
  return {
    held: bans.map(({ address, holds }) => `${address} ${holds.map((one) => one.holder)}`).sort(),
    offences,
  };
}

describe('kill -9 under load', () => {
  const jail =
    '  sshd: { filter: sshd, sources: [LOG], observe: true, findTime: 1h, maxRetry: 3, banTime: 1h }';

  async function run(kills: number): Promise<Awaited<ReturnType<typeof summary>>> {
    const daemon = new Daemon();
    try {
      daemon.configure(jail);
      await daemon.start();
      const lines = logText().split(/(?<=\n)/);
      const chunk = Math.ceil(lines.length / (kills + 1));
      for (let from = 0; from < lines.length; from += chunk) {
        // Written in pieces while the daemon reads, so that the kill meets it at work.
        for (let at = from; at < Math.min(from + chunk, lines.length); at += 10) {
          const to = Math.min(at + 10, from + chunk, lines.length);
          appendFileSync(daemon.log, lines.slice(at, to).join(''));
          if (at === from + 20 && from + chunk < lines.length) {
            await sleep(Math.random() * 30);
            await daemon.end('SIGKILL');
          }
        }
        if (!daemon.running) await daemon.start();
      }
      const expected = hosts.filter((_, n) => n % 4 !== 0).length;
      await waitFor('all bans', async () => (await daemon.bans()).length >= expected);
      await waitFor('all lines', async () => (await daemon.status()).jails[0]?.behind === 0);
      await sleep(300);
      return await summary(daemon);
    } finally {
      await daemon.remove();
    }
  }

  it('ends with the addresses, holders and counts of an undisturbed run', async () => {
    const undisturbed = await run(0);
    const killed = await run(6);

    expect(undisturbed.held).toHaveLength(150);
    expect(killed).toEqual(undisturbed);
  });
});
