import type { ActionLimits, Change } from '@remand/api';
import type { TimedEntries } from './timed-entries.ts';

/** Why a firewall with these limits refuses to enter a target, or undefined if it does not. */
export function beyondLimits(
  { families, ranges, maxEntries, maxTimeoutMs }: ActionLimits,
  { target, timeoutMs }: Change,
  entries: TimedEntries,
): string | undefined {
  if (!families.includes(target.includes(':') ? 6 : 4)) return 'family not supported';
  if (!ranges && target.includes('/')) return 'ranges not supported';
  if (timeoutMs !== null && timeoutMs < 1) return 'timeout below 1 ms';
  if (timeoutMs !== null && timeoutMs > maxTimeoutMs) return 'timeout too long';
  const isFull = maxEntries !== undefined && entries.targets.length >= maxEntries;
  return isFull && !entries.has(target) ? 'list is full' : undefined;
}
