import { printable } from '@remand/api';
import { isoTime } from '../control/times.ts';
import { findDated } from './find-dated.ts';
import { type FoundLog, headOf, inspectLog, isProblem, type LogProblem } from './inspect-log.ts';
import { LogTimes } from './log-times.ts';
import { logsRefused } from './logs-refused.ts';
import type { ReplayedLog } from './replay-contract.ts';
import { type ReplayStream, Track } from './track.ts';
import type { Unpacker } from './unpacker.ts';

export interface OpenTracksGiven {
  readonly logs: readonly string[];
  readonly streams: readonly ReplayStream[];
  readonly year?: number | undefined;
  readonly maxLineBytes: number;
  readonly unpacker: Unpacker;
  /** The real time. */
  readonly now: number;
}

export interface OpenTracks {
  /** In the order of their first lines. */
  readonly tracks: readonly Track[];
  readonly logs: readonly ReplayedLog[];
  readonly warnings: readonly string[];
}

/**
 * Looks at every log and makes its tracks, one for each way of reading it.
 * @throws ConfigError `USAGE` or CommandError `INPUT_UNREADABLE` with every one that is no log
 */
export async function openTracks(given: OpenTracksGiven): Promise<OpenTracks> {
  // One after the other: there can be thousands, and a look takes a file and a megabyte.
  const found: (FoundLog | LogProblem)[] = [];
  for (const path of given.logs) found.push(await inspectLog(path, given.unpacker));
  const logs = found.filter((one): one is FoundLog => !isProblem(one));
  const problems = found.filter(isProblem);
  // A log that was rotated a moment ago is empty: among others that is no mistake.
  const wrong = logs.length > 0 ? problems.filter(({ empty }) => empty !== true) : problems;
  if (wrong.length > 0) throw logsRefused(wrong);
  const once = [...new Map(logs.map((log) => [log.id, log])).values()];
  const tracks: Track[] = [];
  for (const log of once) tracks.push(...(await tracksOf(log, given)));
  tracks.sort((left, right) => left.time - right.time);
  const order = new Map(tracks.map((track) => [track.log, track.time]));
  return {
    tracks,
    logs: [...order].map(([{ path }, from]) => ({ path, from: isoTime(from) })),
    warnings: [
      ...problems.map(({ path, reason }) => `${printable(path, 400)} ${reason}`),
      ...logs
        .filter((log) => !once.includes(log))
        .map(({ path }) => `${printable(path, 400)} is named twice and read once`),
    ],
  };
}

async function tracksOf(log: FoundLog, given: OpenTracksGiven): Promise<Track[]> {
  const head = await headOf(log, given.unpacker);
  return given.streams.flatMap((stream) => {
    const { timeZone } = stream.framing;
    const { modifiedAt } = log;
    const times = new LogTimes({ timeZone, modifiedAt, year: given.year, now: given.now });
    const first = findDated(head, 0, head.length, times);
    if (!first) return [];
    times.begin(first.time);
    const { maxLineBytes, unpacker } = given;
    return [new Track({ log, stream, times, from: first.time, maxLineBytes, unpacker })];
  });
}
