import { type KernelConfig, printable, reasonOf } from '@remand/api';
import type { ListSpec } from './enforce/list-spec.ts';
import type { KernelParts } from './parts.ts';
import { withDeadline } from './plugins/with-deadline.ts';
import { viaList } from './routes.ts';

const deadlineMs = 30_000;

/**
 * After a damaged ledger was set aside: what stands in our own containers is kept, as holds of
 * `recovered`, until its timeout or for the default ban time.
 * Done once: a list that cannot be read now is made equal to the ledger as soon as it can be.
 */
export async function recoverHolds(
  parts: KernelParts,
  lists: readonly ListSpec[],
  config: KernelConfig,
): Promise<void> {
  let unrecorded = 0;
  for (const { key, ownership, action } of lists) {
    if (ownership !== 'own') continue;
    try {
      const given = { clock: parts.clock, deadlineMs, what: `action ${key}` };
      const listing = await withDeadline(given, async (signal) => {
        await action.start(signal);
        return action.list(signal);
      });
      if (listing.state === 'unlisted') throw new Error('its action cannot list what is in');
      if (listing.state === 'unavailable') throw new Error(listing.reason);
      const at = parts.clock.now();
      // A recovery that was cut short has entered some of them.
      const missing = listing.entries.filter(({ target }) => !isHeldOn(key, target, parts));
      const entries = missing.map(({ target, remainingMs }) => {
        const lasts = remainingMs ?? config.defaultBanTimeMs;
        return parts.newEntry({
          at,
          kind: 'ban',
          holder: 'recovered',
          address: target,
          until: lasts === null ? null : at + lasts,
          details: { via: viaList(key), reason: 'found in the firewall after the ledger was lost' },
        });
      });
      unrecorded += entries.length;
      if (entries.length > 0 && parts.decisions.apply({ entries })) unrecorded -= entries.length;
      parts.logger.warn('holds-recovered', { list: key, holds: entries.length });
    } catch (error) {
      const reason = printable(reasonOf(error));
      parts.logger.error('holds-not-recovered', { list: key, reason });
    }
  }
  if (unrecorded === 0) endRecovery(parts);
}

function isHeldOn(list: string, target: string, { holds, routes }: KernelParts): boolean {
  return [...holds.of(target)].some((hold) => [...routes.listsOf(hold)].includes(list));
}

/** When it cannot be written, the next start looks again and finds what is held already. */
function endRecovery({ ledger, logger }: KernelParts): void {
  try {
    ledger.recovered();
  } catch (error) {
    logger.error('recovery-not-ended', { reason: printable(reasonOf(error)) });
  }
}
