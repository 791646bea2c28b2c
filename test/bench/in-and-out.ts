import { appendFileSync } from 'node:fs';
import type { Daemon } from '../e2e/support/daemon.ts';
import { waitFor } from '../e2e/support/wait-for.ts';
import { line } from './firewall.ts';
import { attackerAddress } from './generate-log.ts';
import type { Row } from './row.ts';

export interface InAndOutGiven {
  readonly daemon: Daemon;
  /** At most 65 536. */
  readonly count: number;
  /** Where the bans go, as the rows call it. */
  readonly where: string;
  /** How many are there now. */
  readonly held: () => number;
}

/** Many bans at once into a list of a running daemon, and out again. */
export async function inAndOut({ daemon, count, where, held }: InAndOutGiven): Promise<Row[]> {
  const text = Array.from({ length: count }, (_, n) => line(attackerAddress(n))).join('');
  const timed = async (wanted: number, begin: () => unknown) => {
    const before = performance.now();
    await begin();
    await waitFor(`${wanted} entries`, () => held() === wanted, 120_000);
    return performance.now() - before;
  };
  const into = await timed(count, () => appendFileSync(daemon.log, text));
  const out = await timed(0, () => daemon.cli('allow', '198.18.0.0/16'));
  const many = String(count).replace(/(?=(?:[0-9]{3})+$)\B/g, ' ');
  return [
    row(`${many} new bans at once → all in ${where}`, into),
    row(`the same removed at once from ${where}`, out),
  ];
}

function row(what: string, ms: number): Row {
  return { what, measured: `${(ms / 1000).toFixed(2)} s`, value: ms, unit: 'ms' };
}
