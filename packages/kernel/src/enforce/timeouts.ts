import type { Clock } from '@remand/api';

/**
 * A moment on both clocks. Ends of entries are kept on the monotonic one, because that is the one
 * that a firewall counts down on: a step of the wall clock shows up as a difference by itself.
 */
export interface Instant {
  readonly wall: number;
  readonly steady: number;
}

/** The firewall counts down by itself until then; it never ends an entry without a timeout. */
export const never: number = Number.POSITIVE_INFINITY;

/** An entry may leave this much late. */
export const lateMs = 1_000;
/** The two clocks tick within a millisecond of each other, not at the same instant. */
export const jitterMs = 2;

export function instant(clock: Clock): Instant {
  return { wall: clock.now(), steady: clock.monotonic() };
}

/**
 * When the firewall should end an entry that is held until `until`: on the monotonic clock,
 * `never` when remand has to remove it, undefined when nothing is held any more.
 */
export function wantedEnd(
  until: number | null | undefined,
  maxTimeoutMs: number,
  at: Instant,
): number | undefined {
  if (until === undefined) return undefined;
  if (until === null) return never;
  const remaining = until - at.wall;
  if (remaining <= 0) return undefined;
  return Math.ceil(remaining) > maxTimeoutMs ? never : at.steady + remaining;
}

/** The timeout that makes an entry end then: rounded up, so late rather than early. */
export function timeoutFor(end: number, at: Instant): number | null {
  return end === never ? null : Math.max(1, Math.ceil(end - at.steady));
}

/** Whether an entry that ends at `entered` keeps the promise of one that should end at `wanted`. */
export function endsInTime(entered: number, wanted: number): boolean {
  return entered === wanted || (wanted - entered <= jitterMs && entered - wanted <= lateMs);
}

/**
 * Whether an end that was read back can be the one that was meant: what firewalls show is rounded,
 * most often down to a second.
 */
export function readsAs(listed: number, meant: number, slackMs: number): boolean {
  return listed === meant || Math.abs(listed - meant) <= 2 * lateMs + slackMs;
}
