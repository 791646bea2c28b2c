import { type Notice, notifyDefaults } from '@remand/api';
import type { KernelParts } from '../parts.ts';
import { restoredNotice, startedNotice, stoppedNotice } from './notices.ts';

/** Tells of a start and of what is in force at it, where somebody asked for that. */
export function tellStart(parts: KernelParts): void {
  const { startAndStop, restored, most } = policyOf(parts);
  const { holds } = parts;
  // There can be a hundred thousand: of too many only their number is told.
  const isTold = restored && holds.size <= most;
  const notices: Notice[] = [];
  if (startAndStop || (restored && !isTold)) notices.push(startedNotice(parts, holds.size));
  if (isTold) {
    for (const hold of holds.all()) {
      if (!hold.observed) notices.push(restoredNotice(parts, hold));
    }
  }
  if (notices.length > 0) parts.decisions.apply({ notices });
}

/** Before the notifiers get their last chance. */
export function tellStop(parts: KernelParts): void {
  if (!policyOf(parts).startAndStop) return;
  parts.decisions.apply({ notices: [stoppedNotice(parts, parts.holds.size)] });
}

function policyOf({ generation }: KernelParts) {
  return generation.config.notify ?? notifyDefaults;
}
