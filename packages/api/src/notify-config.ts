import type { NoticeKind } from './notice.ts';

/** When people are told, and when not: one policy for every notifier. */
export interface NotifyConfig {
  /** Notices wait so long, in ms, so that what happens together comes in one message. */
  readonly gatherMs: number;
  /** So many messages can go at once, … */
  readonly burst: number;
  /** … and one more each so many ms. */
  readonly refillMs: number;
  /** A message of more notices than this is a digest instead. From 1 to 100. */
  readonly most: number;
  /** The regular digest; null for none. */
  readonly digest: NotifyDigest | null;
  /** Nothing about an address that a rung or the network holds already. */
  readonly quietWhenEscalated: boolean;
  /** A notice for each ban that is still in force when remand starts. */
  readonly restored: boolean;
  /** A notice when remand starts, and one when it stops. */
  readonly startAndStop: boolean;
  /** Kinds that nobody is told of. */
  readonly leaveOut: readonly NoticeKind[];
}

export interface NotifyDigest {
  readonly every: 'day' | 'week';
  /** Minutes after midnight, local time; of a week on Monday. */
  readonly atMinute: number;
}

export const notifyDefaults: NotifyConfig = {
  gatherMs: 5_000,
  burst: 10,
  refillMs: 60_000,
  most: 20,
  digest: { every: 'day', atMinute: 420 },
  quietWhenEscalated: true,
  restored: false,
  startAndStop: false,
  leaveOut: [],
};
