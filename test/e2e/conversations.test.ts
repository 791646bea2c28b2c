import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';
import { waitFor } from './support/wait-for.ts';

const hosts = Array.from({ length: 120 }, (_, n) => `198.51.100.${n + 1}`);
const filters = `filters:
  door:
    programs: [door]
    patterns:
      - { id: came, tells: address, template: 'connect from {address}' }
      - { id: failed, tells: offence, template: 'login of {user:text} failed' }
      - { id: left, tells: end, template: 'disconnect' }
`;
const jail =
  '  door: { filter: door, sources: [LOG], observe: true, findTime: 1h, maxRetry: 2, banTime: 1h }';

/** In the time of the log every process talks to one host; those with an even number fail twice. */
function logText(): string {
  const now = new Date().toISOString();
  const say = (n: number, text: string) => `${now} web door[${100 + n}]: ${text}\n`;
  const of = (text: (host: string) => string) => hosts.map((host, n) => say(n, text(host)));
  const failing = hosts.flatMap((_, n) => (n % 2 === 0 ? [say(n, 'login of bob failed')] : []));
  return [
    ...of((host) => `connect from ${host}`),
    ...hosts.map((_, n) => say(n, 'login of eve failed')),
    ...failing,
    ...of(() => 'disconnect'),
    // Nobody's: the conversations are over.
    ...failing,
  ].join('');
}

describe('kill -9 in the middle of conversations', () => {
  async function run(kills: number): Promise<readonly string[]> {
    const daemon = new Daemon();
    try {
      daemon.configure(jail, filters);
      await daemon.start();
      const lines = logText().split(/(?<=\n)/);
      const chunk = Math.ceil(lines.length / (kills + 1));
      for (let from = 0; from < lines.length; from += chunk) {
        const rest = lines.slice(from, from + chunk);
        for (let at = 0; at < rest.length; at += 10) {
          appendFileSync(daemon.log, rest.slice(at, at + 10).join(''));
          if (at === 20 && from + chunk < lines.length) {
            await sleep(Math.random() * 30);
            await daemon.end('SIGKILL');
          }
        }
        if (!daemon.running) await daemon.start();
      }
      await waitFor('all lines', async () => {
        const [door] = (await daemon.status()).jails;
        return door?.behind === 0 && (await daemon.bans()).length >= hosts.length / 2;
      });
      await sleep(300);
      const bans = await daemon.bans();
      const [first] = hosts;
      const { events } = await daemon.why(first ?? '');
      const offences = events.filter(({ kind }) => kind === 'offence').length;
      return [...bans.map(({ address }) => address).sort(), `${offences} offences`];
    } finally {
      await daemon.remove();
    }
  }

  it('ends with the addresses and counts of an undisturbed run', async () => {
    const undisturbed = await run(0);
    const killed = await run(5);

    expect(undisturbed).toHaveLength(61);
    expect(undisturbed.at(-1)).toBe('2 offences');
    expect(killed).toEqual(undisturbed);
  });
});
