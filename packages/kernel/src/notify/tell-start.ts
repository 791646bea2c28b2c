import { type Notice, notifyDefaults } from '@remand/api';
import type { KernelParts } from '../parts.ts';
import { restoredNotice, startedNotice, stoppedNotice } from './notices.ts';

/** Tells of a start and of what is in force at it, where somebody asked for that. */
export function tellStart(parts: KernelParts): void {
  const { startAndStop, restored } = policyOf(parts);
  const notices: Notice[] = [];
  if (startAndStop) notices.push(startedNotice(parts, parts.holds.size));
  if (restored) {
    for (const hold of parts.holds.all()) {
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
