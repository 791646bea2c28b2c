import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ControlClient } from '../../packages/cli/src/client/control-client.ts';
import type { Daemon } from '../e2e/support/daemon.ts';
import { waitFor } from '../e2e/support/wait-for.ts';
import { elements, withDaemon } from './firewall.ts';
import { attackerAddress, bsdTime } from './generate-log.ts';
import type { Row } from './row.ts';
import { rssMb } from './rss.ts';

const bans = 100_000;

/** Rows 5 and 6: a start with 100 000 live bans, and memory idle, with them, and after 10 M attackers. */
export async function restartAndMemoryRows(given: { readonly attackers: number }): Promise<Row[]> {
  return withDaemon({ banTime: '1d' }, async (daemon, network) => {
    await sleep(10_000);
    const idle = rssMb(daemon);
    let text = '';
    for (let n = 0; n < bans; n++) {
      text += `${bsdTime(Date.now())} web1 sshd[9]: Failed password for root from ${attackerAddress(n)} port 4000 ssh2\n`;
    }
    appendFileSync(daemon.log, text);
    await waitFor('100 000 bans', () => elements(network) >= bans, 120_000);
    await daemon.end('SIGKILL');
    network.nft('flush ruleset');

    const before = performance.now();
    const started = daemon.start();
    // No start is as quick as that, and counting 100 000 bans for each question costs time too.
    await sleep(1_000);
    await waitFor('the daemon to say that all is enforced', () => isEnforced(daemon), 120_000);
    const ms = performance.now() - before;
    await started;
    // The daemon is not taken at its word; but reading all back would have taken part in the race.
    const found = elements(network);
    if (found < bans) throw new Error(`${found} of ${bans} bans are in the set`);
    await sleep(20_000);
    const full = rssMb(daemon);
    const flooded = await flood(given.attackers);
    return [
      {
        what: 'start with 100 000 live bans, empty firewall → all enforced',
        measured: `${(ms / 1000).toFixed(2)} s`,
        value: ms,
        unit: 'ms',
        budget: '≤ 2 s',
        kept: ms <= 2_000,
      },
      memory('memory, idle for 10 s', idle, 110),
      memory('memory, 100 000 live bans, 20 s after a start', full, 170),
      memory(
        `memory, 20 s after ${given.attackers / 1e6} M distinct attackers`,
        flooded.rested,
        220,
      ),
      memory('the same at the last line of that flood', flooded.peak),
    ];
  });
}

async function isEnforced(daemon: Daemon): Promise<boolean> {
  const client = new ControlClient(join(daemon.folder, 'control.sock'));
  try {
    const [list] = (await client.call('status', {})).lists;
    return list !== undefined && list.pending === 0 && list.enforced >= bans;
  } catch {
    // Not there yet.
    return false;
  } finally {
    client.close();
  }
}

/** Every attacker fails once, so that all of them are counted and none is banned. */
async function flood(
  attackers: number,
): Promise<{ readonly peak: number; readonly rested: number }> {
  return withDaemon({ banTime: '1h' }, async (daemon) => {
    await daemon.end();
    daemon.configure(
      '  sshd: { filter: sshd, sources: [LOG], actions: [nftables], maxRetry: 3, banTime: 1h }',
    );
    await daemon.start();
    const each = 200_000;
    for (let from = 0; from < attackers; from += each) {
      let text = '';
      for (let n = from; n < from + each; n++) {
        // Plain numbers as addresses: the flood is of keys, no packet is sent anywhere.
        const address = `${100 + ((n >> 24) & 63)}.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
        text += `${bsdTime(Date.now())} web1 sshd[9]: Failed password for root from ${address} port 4000 ssh2\n`;
      }
      appendFileSync(daemon.log, text);
      await waitFor(
        'the lines to be read',
        async () => ((await daemon.status()).jails[0]?.lines ?? 0) >= from + each,
        120_000,
      );
    }
    const peak = rssMb(daemon);
    await sleep(20_000);
    return { peak, rested: rssMb(daemon) };
  });
}

function memory(what: string, mb: number, budget?: number): Row {
  return {
    what,
    measured: `${mb.toFixed(0)} MB RSS`,
    value: mb,
    unit: 'MB',
    ...(budget !== undefined && { budget: `≤ ${budget} MB`, kept: mb <= budget }),
  };
}
