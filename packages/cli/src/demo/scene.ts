import { type BanReport, formatDuration, type JailStatus, type StatusReport } from '@remand/api';
import type { ControlClient } from '../client/control-client.ts';
import type { Paint } from '../output/paint.ts';
import { type Cell, type Column, table } from '../output/table.ts';
import type { FirewallSet } from './firewall-set.ts';

/** What is the case at one moment. */
export interface Scene {
  readonly now: number;
  readonly status: StatusReport;
  readonly bans: readonly BanReport[];
  /** Missing without a firewall. */
  readonly firewall?: FirewallSet;
}

export async function look(
  daemon: ControlClient,
  firewall: () => Promise<FirewallSet | undefined>,
): Promise<Scene> {
  const status = await daemon.call('status', {});
  const bans = await daemon.call('bans', {});
  const set = await firewall();
  return { now: Date.now(), status, bans, ...(set === undefined ? {} : { firewall: set }) };
}

/** The counters in one line. */
export function counters({ status }: Scene): string {
  const jail: JailStatus | undefined = status.jails[0];
  if (jail === undefined) return '';
  const { lines, matched, offences, banned, live } = jail;
  return `${lines} lines read, ${matched} matched, ${offences} counted, ${banned} banned, ${live} live`;
}

/** The bans as a table, beside what the firewall says of each. */
export function banTable({ bans, now, firewall }: Scene, paint: Paint): string {
  const columns: Column<BanReport>[] = [
    { head: 'BANNED', cell: ({ address }) => address },
    { head: 'BY', cell: ({ holds }) => holds.map(({ holder }) => holder).join(', ') },
    { head: 'ENDS', cell: ({ until }) => ends(until, now) },
    { head: 'ENFORCED', cell: ({ enforced, until }) => enforcement(enforced, until, now) },
  ];
  if (firewall !== undefined) {
    columns.push({ head: 'NFTABLES SAYS', cell: ({ address }) => inSet(firewall, address) });
  }
  return table(columns, bans, paint);
}

function enforcement(enforced: boolean, until: string | null, now: number): string {
  if (until !== null && Date.parse(until) <= now) return 'over';
  return enforced ? 'yes' : 'not yet';
}

function ends(until: string | null, now: number): string {
  return until === null ? 'never' : `in ${formatDuration(Math.max(0, Date.parse(until) - now))}`;
}

function inSet(firewall: FirewallSet, address: string): Cell {
  const base = address.split('/')[0] ?? address;
  const left = firewall.get(base);
  if (left === undefined) return { text: 'not in the set', style: 'yellow' };
  return { text: left === null ? 'in the set' : `in the set, ${left}s left`, style: 'green' };
}
