import { BlockList, isIP } from 'node:net';
import { formatDuration, type Notice } from '@remand/api';
import type { Answer } from './http-post.ts';
import type { Options } from './options.ts';
import { iso } from './payload.ts';

export type ReportOptions = NonNullable<NonNullable<Options['format']>['abuseipdb']>;

/** https://docs.abuseipdb.com/#report-endpoint */
export const reportUrl = 'https://api.abuseipdb.com/api/v2/report';

/** The form that reports one ban, or nothing where there is nothing to report. */
export function reportOf(notice: Notice, given: ReportOptions): string | undefined {
  const { kind, address = '', holder = '', at, evidence = [], undo } = notice;
  if (kind !== 'ban' || !isPublicAddress(address)) return undefined;
  // Without a line of the log nobody saw an attack (a ban by hand, one that a start found);
  // without a way back nothing is banned (a jail that observes).
  if (evidence.length === 0 || undo === undefined) return undefined;
  if (['admin', 'network', 'recovered'].includes(holder)) return undefined;
  if (given.jails !== undefined && !given.jails.includes(holder)) return undefined;
  return new URLSearchParams({
    ip: address,
    categories: given.categories.join(','),
    comment: commentOf(notice),
    timestamp: iso(at),
  }).toString();
}

/** One report about an address in 15 minutes is enough for them, and for us. */
export function isReportedAlready({ status, text }: Answer): boolean {
  return status >= 400 && status < 500 && /once in 15 minutes/i.test(text);
}

/** The reports are public: nothing of a log line is in them, which may name users and hosts. */
function commentOf({ holder = '', at, until, evidence = [] }: Notice): string {
  const jail = holder.replace(/[^a-z0-9-]/g, '').slice(0, 20);
  const lines = evidence.length > 1 ? `, ${evidence.length} log lines` : '';
  const time = typeof until === 'number' && until > at ? `, for ${formatDuration(until - at)}` : '';
  return `banned by remand, jail ${jail}${lines}${time}`;
}

/**
 * Ranges are none: who did it within a /64 is not known.
 * https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry
 */
function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return false;
  if (version === 4) return !special.check(address, 'ipv4');
  return global6.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

const special = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  special.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  special.addSubnet(network, prefix, 'ipv6');
}

const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
