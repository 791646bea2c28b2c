import {
  type Health,
  type JailStatus,
  networkHolder,
  printable,
  type StatusReport,
} from '@remand/api';
import type { JailState } from '../detect/jail-state.ts';
import type { KernelParts } from '../parts.ts';
import { isoTime } from './times.ts';

export interface StatusGiven {
  readonly parts: KernelParts;
  readonly version: string;
  readonly startedAt: number;
  readonly sourcesOf: (jail: string) => readonly (Health & { readonly label: string })[];
}

/** A log whose lines are never of the service is most likely the wrong one. */
const enoughLines = 1_000;
/** The clock of a log is said to differ from this many ms on. */
const muchSkewMs = 15 * 60_000;

export function status(given: StatusGiven): StatusReport {
  const { parts, version, startedAt } = given;
  const { observe } = parts.generation.config;
  const { writer, ledger, clock, holds, enforcer, fuse, neverBan, queue } = parts;
  const lists = [...enforcer.status(), ...parts.retired.status()];
  const livePerHolder = new Map<string, number>();
  for (const { holder } of holds.all())
    livePerHolder.set(holder, (livePerHolder.get(holder) ?? 0) + 1);
  return {
    version,
    pid: process.pid,
    startedAt: isoTime(startedAt),
    now: isoTime(clock.now()),
    observe,
    state: { ...stateHealth(parts), path: ledger.path, unrecorded: writer.unrecorded },
    bans: {
      live: holds.targets,
      notEnforced: lists.reduce((sum, list) => sum + list.notEnforced, strandedHolds(parts)),
    },
    fuse: fuse.report(clock.now()),
    neverBan: { entries: neverBan.size, problems: neverBan.problems },
    jails: parts.jails.map((jail) => jailStatus(jail, given, livePerHolder)),
    rungs: parts.generation.plan.rungs.map(({ config }) => ({
      name: config.name,
      after: config.after,
      of: config.of ?? null,
      jails: config.jails ?? null,
      withinMs: config.withinMs,
      banTimeMs: config.banTimeMs,
      escalated: parts.escalation.escalated(config.name),
      live: livePerHolder.get(config.name) ?? 0,
    })),
    network: networkStatus(parts, livePerHolder.get(networkHolder) ?? 0),
    lists,
    notifiers: queue.status(),
    stillSeen: parts.stillSeen.report(),
  };
}

function networkStatus(
  { generation, network }: KernelParts,
  live: number,
): StatusReport['network'] {
  const { config } = generation;
  if (!config.network) return null;
  const { after, withinMs, banTimeMs, prefixes, jails = null } = config.network;
  return { after, withinMs, banTimeMs, ...prefixes, jails, ...network.counts, live };
}

/** Those of jails that were removed with their lists. */
function strandedHolds({ routes, generation }: KernelParts): number {
  if (generation.config.observe) return 0;
  return [...routes.stranded().values()].reduce((sum, holds) => sum + holds, 0);
}

function stateHealth({ writer, ledger }: KernelParts): Health {
  if (writer.health.state === 'degraded' || ledger.setAside === undefined) return writer.health;
  return {
    state: 'degraded',
    reason: `the ledger was damaged; it lies at ${ledger.setAside} and a new one was begun`,
    hint: 'look at the disk; history before that is not counted. This is shown until the next start',
  };
}

function jailStatus(
  jail: JailState,
  { sourcesOf, parts }: StatusGiven,
  live: ReadonlyMap<string, number>,
): JailStatus {
  const { config } = jail;
  const { observe, maxTracked } = parts.generation.config;
  const sources = sourcesOf(config.name);
  return {
    ...jailHealth(jail, sources),
    name: config.name,
    filter: config.filter.given?.name ?? config.filter.name,
    observe: observe || config.observe,
    sources,
    lines: jail.lines,
    dated: jail.dated,
    oversized: jail.oversized,
    matched: jail.matched,
    offences: jail.offences,
    ignored: {
      neverBan: jail.neverBan,
      seenWhileBanned: jail.seenWhileBanned,
      noAddress: jail.noAddress,
    },
    banned: jail.banned,
    live: live.get(config.name) ?? 0,
    tracked: { now: jail.window.size, cap: maxTracked, evicted: jail.window.evicted },
    lastMatchAt: jail.lastMatchAt === undefined ? null : isoTime(jail.lastMatchAt),
    lagSeconds: Math.round(jail.lagMs / 1000),
    behind: jail.behind,
    skewSeconds: jail.skewMs === undefined ? null : Math.round(jail.skewMs / 1000),
  };
}

function jailHealth(
  jail: JailState,
  sources: readonly (Health & { readonly label: string })[],
): Health {
  if (jail.filterTrouble !== undefined) {
    return { state: 'degraded', reason: jail.filterTrouble, hint: 'report it to its author' };
  }
  const trouble = sources.find((source) => source.state === 'degraded');
  if (trouble?.state === 'degraded') {
    return { state: 'degraded', reason: trouble.reason, hint: trouble.hint };
  }
  if (jail.lines >= enoughLines && !jail.understands && !jail.headerless) {
    const what =
      jail.dated === 0
        ? 'begins with a time that is known'
        : `is of a program that filter ${jail.config.filter.name} knows`;
    const one = jail.strange === undefined ? '' : `, such as "${printable(jail.strange, 120)}"`;
    return {
      state: 'degraded',
      reason: `sees lines but understands none: none of ${jail.lines} ${what}${one}`,
      hint: 'is it the right log? For lines without a header set `header: none` on the source',
    };
  }
  if (jail.skewMs !== undefined && Math.abs(jail.skewMs) >= muchSkewMs) {
    const minutes = Math.round(jail.skewMs / 60_000);
    return {
      state: 'degraded',
      reason: `the log's clock is ${Math.abs(minutes)} minutes ${minutes < 0 ? 'behind' : 'ahead'}`,
      hint: 'set `timeZone` on the source, or correct a clock; live lines count at their arrival',
    };
  }
  return { state: 'ok' };
}
