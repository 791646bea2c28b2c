import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from '../e2e/support/daemon.ts';
import { Network } from '../e2e/support/network.ts';
import { waitFor } from '../e2e/support/wait-for.ts';
import { line } from './firewall.ts';
import { attackerAddress } from './generate-log.ts';
import type { Row } from './row.ts';

/** Numbers of addresses that one, two and all three jails hold: 10 000 holds. */
const [byOne, byTwo, byThree] = [2_000, 1_000, 2_000];
const brief = '15s';

/**
 * All holds of one of three jails end at once, on one table of routes: no kernel counts them down.
 * The time is from the end of the last hold, of which up to a second is the daemon's clock.
 */
export async function expiryWaveRows(): Promise<Row[]> {
  const network = new Network();
  const shim = mkdtempSync(join(tmpdir(), 'remand-bench-'));
  // The daemon looks for programs in /usr/local/sbin first, whatever the environment says.
  const mounted = `mount --bind ${shim} /usr/local/sbin; exec "$@"`;
  const daemon = new Daemon(network.argv('firewall', 'unshare', '-m', 'sh', '-ec', mounted, 'sh'));
  const calls = join(shim, 'calls');
  const real = network.exec('firewall', 'which', 'ip').trim();
  try {
    writeFileSync(calls, '');
    writeFileSync(join(shim, 'ip'), `#!/bin/sh\necho "$*" >> ${calls}\nexec ${real} "$@"\n`, {
      mode: 0o755,
    });
    const jail = (name: string, maxRetry: number, banTime: string) =>
      `  ${name}: { filter: sshd, sources: [LOG], actions: [route], maxRetry: ${maxRetry}, banTime: ${banTime} }`;
    daemon.configure(
      [jail('brief', 1, brief), jail('longer', 2, '1h'), jail('longest', 3, '2h')].join('\n'),
    );
    const held = () => {
      const shown = network.exec('firewall', 'ip', '-4', 'route', 'show', 'table', 'all');
      return shown.split('blackhole 198.18.').length - 1;
    };
    const changes = () => readFileSync(calls, 'utf8').match(/^.*-batch.*$/gm)?.length ?? 0;
    await daemon.start();
    const all = byOne + byTwo + byThree;
    const offences = (n: number) => (n < byOne ? 1 : n < byOne + byTwo ? 2 : 3);
    const lines = Array.from({ length: all }, (_, n) =>
      line(attackerAddress(n)).repeat(offences(n)),
    );
    appendFileSync(daemon.log, lines.join(''));
    await waitFor('all routes', () => held() === all, 30_000);
    const holds = (await daemon.bans()).flatMap((ban) => ban.holds);
    if (holds.length !== 10_000) throw new Error(`${holds.length} holds instead of 10 000`);
    const ends = holds.flatMap(({ holder, until }) =>
      holder === 'brief' ? [Date.parse(String(until))] : [],
    );
    const before = changes();
    await waitFor('the wave', () => held() === byTwo + byThree, 60_000);
    const ms = Date.now() - Math.max(...ends);
    const commands = changes() - before;
    return [
      {
        what: '10 000 holds in three jails on one table of routes, the 5 000 of one end → 2 000 addresses free, 3 000 still held',
        measured: `${(ms / 1000).toFixed(2)} s, ${commands} command${commands === 1 ? '' : 's'}`,
        value: ms,
        unit: 'ms',
      },
    ];
  } finally {
    await daemon.remove();
    network.remove();
    rmSync(shim, { recursive: true, force: true });
  }
}
