import type { BanReport, JailStatus, ListStatus, StatusReport, WhyReport } from '@remand/api';
import { at } from './fake-terminal.ts';

export function jailStatus(some: Partial<JailStatus> = {}): JailStatus {
  return {
    name: 'sshd',
    filter: 'sshd',
    observe: false,
    state: 'ok',
    sources: [{ label: '/var/log/auth.log', state: 'ok' }],
    lines: 12345,
    dated: 12340,
    oversized: 1,
    matched: 120,
    offences: 100,
    ignored: { neverBan: 3, seenWhileBanned: 15, noAddress: 2 },
    banned: 9,
    live: 4,
    tracked: { now: 17, cap: 100000, evicted: 0 },
    lastMatchAt: at(-90),
    lagSeconds: 0,
    behind: 0,
    skewSeconds: 0.2,
    ...some,
  } as JailStatus;
}

export function listStatus(some: Partial<ListStatus> = {}): ListStatus {
  return {
    list: 'nftables/sshd',
    action: 'nftables',
    ownership: 'own',
    state: 'ok',
    holders: ['sshd', 'admin'],
    desired: 4,
    enforced: 4,
    notEnforced: 0,
    foreign: 0,
    paused: false,
    pending: 0,
    lastReconcileAt: at(-10),
    repaired: 2,
    ...some,
  } as ListStatus;
}

export function statusReport(some: Partial<StatusReport> = {}): StatusReport {
  return {
    version: '0.1.0',
    pid: 4711,
    startedAt: at(-3600),
    now: at(0),
    observe: false,
    state: { state: 'ok', path: '/var/lib/remand', unrecorded: 0 },
    bans: { live: 4, notEnforced: 0 },
    fuse: { tripped: false, bans: 20000, withinMs: 60000, recent: 4 },
    neverBan: { entries: 9, problems: [] },
    jails: [jailStatus()],
    rungs: [],
    network: null,
    lists: [listStatus()],
    notifiers: [{ name: 'log', state: 'ok', queued: 0, delivered: 9, dropped: 0 }],
    stillSeen: { addresses: 0, latest: [] },
    ...some,
  };
}

export const banReports: readonly BanReport[] = [
  {
    address: '192.0.2.1',
    until: at(540),
    holds: [
      {
        holder: 'sshd',
        since: at(-60),
        until: at(540),
        lists: [{ list: 'nftables/sshd', enforced: true }],
      },
    ],
    enforced: true,
  },
  {
    address: '2001:db8:0:1::/64',
    until: null,
    holds: [
      {
        holder: 'sshd',
        since: at(-60),
        until: at(60),
        lists: [{ list: 'nftables/sshd', enforced: false, reason: 'nft is missing' }],
      },
      { holder: 'admin', since: at(-7200), until: null, lists: [] },
    ],
    enforced: false,
  },
];

export const whyReport: WhyReport = {
  address: '192.0.2.1',
  live: true,
  until: at(540),
  holds: [
    {
      holder: 'sshd',
      since: at(-60),
      until: at(540),
      lists: [{ list: 'nftables/sshd', enforced: false, reason: 'nft is missing' }],
    },
    {
      holder: 'repeat-offender',
      since: at(-60),
      until: null,
      lists: [{ list: 'ipset', enforced: true }],
    },
  ],
  events: [
    { at: at(-70), kind: 'offence', holder: 'sshd' },
    {
      at: at(-60),
      kind: 'ban',
      holder: 'sshd',
      until: at(540),
      evidence: ['Failed password for \u001b[2Jroot from 192.0.2.1', 'Failed password for root'],
    },
    {
      at: at(-59),
      kind: 'enforce-failed',
      holder: 'sshd',
      list: 'nftables/sshd',
      reason: 'nft is missing',
    },
    {
      at: at(-58),
      kind: 'escalate',
      holder: 'repeat-offender',
      until: null,
      counted: 3,
      via: 'sshd',
      reason: '3 bans within 1w',
      observed: true,
    },
    { at: at(-57), kind: 'unban', holder: 'sshd', mistake: true },
  ],
};
