import type { Clock } from '@remand/api';
import type { KernelGiven } from '../kernel-contract.ts';
import type { Unpacker } from './unpacker.ts';

/** What a replay is made from. */
export interface ReplayGiven
  extends Pick<KernelGiven, 'config' | 'bundled' | 'importModule' | 'machine'> {
  /** Paths of logs, plain or packed, in any order. */
  readonly logs: readonly string[];
  /** What unpacks them. Default: gzip and zstd, by Node itself. */
  readonly unpacker?: Unpacker;
  /** The year of the first line of logs whose dates have none. Default: see `year-anchor.ts`. */
  readonly year?: number;
  /** Called after each block. */
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** The real time. Default: the machine's. */
  readonly clock?: Clock;
}

export interface ReplayProgress {
  /** Bytes of the files that were read, of all of them. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly lines: number;
  /** Where in the logs it is, in ms since the epoch. */
  readonly at: number;
}

/** What a configuration would have done. Times are ISO 8601 in UTC. */
export interface ReplayReport {
  readonly lines: number;
  /** How often a filter matched; jails that share a filter count once. */
  readonly matched: number;
  /** How long it took. */
  readonly seconds: number;
  /** In the order in which they were decided. */
  readonly bans: readonly ReplayedBan[];
  /** The logs in the order of their first lines. */
  readonly logs: readonly ReplayedLog[];
  readonly jails: readonly ReplayedJail[];
  /** Whose lines matched most often, the busiest first; at most a hundred of each. */
  readonly addresses: readonly Busy[];
  /** The same by /24 and /48. */
  readonly networks: readonly Busy[];
  /** Of the never-ban set. */
  readonly spared: readonly (Busy & { readonly why: string })[];
  /** What makes this less than exact. */
  readonly warnings: readonly string[];
}

export interface ReplayedBan {
  readonly address: string;
  readonly holder: string;
  /** The step of escalation that decided, its holder; null for a jail's own ban. */
  readonly rung: string | null;
  readonly at: string;
  /** null is for ever. */
  readonly until: string | null;
}

export interface ReplayedLog {
  readonly path: string;
  /** The time of its first dated line. */
  readonly from: string;
}

export interface ReplayedJail {
  readonly name: string;
  readonly lines: number;
  readonly dated: number;
  readonly oversized: number;
  readonly matched: number;
  readonly offences: number;
  readonly neverBan: number;
  readonly seenWhileBanned: number;
  readonly noAddress: number;
  readonly banned: number;
  /** Addresses that were forgotten because too many were counted at one time. */
  readonly evicted: number;
  /** The first failure of its filter. */
  readonly trouble?: string;
}

export interface Busy {
  /** An address or a network. */
  readonly address: string;
  readonly matched: number;
}
