import { ConfigError, type LedgerEntry, networkHolder } from '@remand/api';
import { Builder } from '../build.ts';
import { isoTime, isoUntil } from '../control/times.ts';
import { systemClock } from '../defaults.ts';
import type { JailState } from '../detect/jail-state.ts';
import type { Generation } from '../generation.ts';
import { localMachine } from '../never-ban/local-machine.ts';
import { mergeTracks } from './merge-tracks.ts';
import { openTracks } from './open-tracks.ts';
import type { ReplayedBan, ReplayedJail, ReplayGiven, ReplayReport } from './replay-contract.ts';
import { ReplayEngine } from './replay-engine.ts';
import { ReplayProgressMeter } from './replay-progress.ts';
import { replayStreams } from './replay-streams.ts';
import { ReplayTroubles } from './replay-troubles.ts';
import { nodeUnpacker } from './unpacker.ts';
import { VirtualClock } from './virtual-clock.ts';

/**
 * What a configuration would have done with old logs: the engine of a kernel with a clock that
 * follows them. No firewall is touched, no state read or written.
 * @throws ConfigError with every mistake, `USAGE` for a log that there is not; CommandError
 * INPUT_UNREADABLE with every log that is none
 */
export async function replayLogs(given: ReplayGiven): Promise<ReplayReport> {
  const { config } = given;
  const real = given.clock ?? systemClock;
  const startedAt = real.monotonic();
  const clock = new VirtualClock(real);
  const troubles = new ReplayTroubles(clock);
  const { logger } = troubles;
  const builder = new Builder({ ...given, clock, logger, detectOnly: true });
  const built = await builder.build(config);
  const { streams, warnings } = replayStreams(built);
  if (streams.length === 0) throw nothingToReplay(warnings);
  const { maxLineBytes } = config;
  const { unpacker = nodeUnpacker } = given;
  const opened = await openTracks({ ...given, streams, maxLineBytes, unpacker, now: real.now() });
  const bans: DecidedBan[] = [];
  const decided = (entries: readonly LedgerEntry[]) => {
    for (const { kind, address, holder, at, until = null } of entries) {
      if (kind === 'ban') bans.push({ address, holder, at, until });
    }
  };
  const machine = given.machine ?? localMachine;
  const engine = await ReplayEngine.start({
    ...{ config, builder, built },
    ...{ clock, logger, machine, decided },
  });
  const progress = new ReplayProgressMeter(opened.tracks, streams);
  try {
    for await (const batch of mergeTracks(opened.tracks)) {
      engine.process(batch);
      progress.passed(batch);
      given.onProgress?.(progress.report());
    }
  } finally {
    await Promise.all(opened.tracks.map((track) => track.close()));
    await builder.dispose();
  }
  const { busy } = engine;
  const rungs = new Set([...built.plan.rungs.map((rung) => rung.config.name), networkHolder]);
  return {
    lines: progress.lines,
    matched: matchedBy(built),
    seconds: Math.round(real.monotonic() - startedAt) / 1000,
    bans: bans.map((ban) => replayedBan(ban, rungs)),
    logs: opened.logs,
    jails: built.jails.map(replayedJail),
    addresses: busy.addresses(),
    networks: busy.networks(),
    spared: busy.spared(),
    warnings: [
      ...warnings,
      ...opened.warnings,
      ...engine.neverBanProblems,
      ...troubles.found,
      ...(busy.isExact ? [] : ['too many addresses to count every one: rare ones are left out']),
    ],
  };
}

function nothingToReplay(warnings: readonly string[]): ConfigError {
  const hint = warnings.length > 0 ? warnings.join('; ') : 'the rc file has no jail';
  return new ConfigError('CONFIG_INVALID', 'there is no jail to replay', { hint });
}

/** There can be many: they are kept small until the end. */
interface DecidedBan {
  readonly address: string;
  readonly holder: string;
  readonly at: number;
  readonly until: number | null;
}

function replayedBan(
  { address, holder, at, until }: DecidedBan,
  rungs: ReadonlySet<string>,
): ReplayedBan {
  return {
    address,
    holder,
    rung: rungs.has(holder) ? holder : null,
    at: isoTime(at),
    until: isoUntil(until),
  };
}

/** Jails that share a filter have the same matches. */
function matchedBy({ filters }: Generation): number {
  return filters.reduce((sum, { jails }) => sum + Math.max(0, ...jails.map(matchesOf)), 0);
}

function matchesOf({ matched }: JailState): number {
  return matched;
}

function replayedJail(jail: JailState): ReplayedJail {
  const { lines, dated, oversized, matched, offences } = jail;
  const { neverBan, seenWhileBanned, noAddress, banned, filterTrouble } = jail;
  return {
    name: jail.config.name,
    ...{ lines, dated, oversized, matched, offences },
    ...{ neverBan, seenWhileBanned, noAddress, banned },
    evicted: jail.window.evicted,
    ...(filterTrouble !== undefined && { trouble: filterTrouble }),
  };
}
