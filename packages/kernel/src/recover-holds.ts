import { type KernelConfig, printable, reasonOf } from '@remand/api';
import type { ListSpec } from './enforce/list-spec.ts';
import type { KernelParts } from './parts.ts';
import { withDeadline } from './plugins/with-deadline.ts';
import { viaList } from './routes.ts';

const deadlineMs = 30_000;

/**
 * After a damaged ledger was set aside: what stands in our own containers is kept, as holds of
 * `recovered`, until its timeout or for the default ban time.
 */
export async function recoverHolds(
  parts: KernelParts,
  lists: readonly ListSpec[],
  config: KernelConfig,
): Promise<void> {
  for (const { key, ownership, action } of lists) {
    if (ownership !== 'own') continue;
    try {
      const given = { clock: parts.clock, deadlineMs, what: `action ${key}` };
      const listing = await withDeadline(given, async (signal) => {
        await action.start(signal);
        return action.list(signal);
      });
      if (listing.state !== 'known') throw new Error(listing.reason);
      const at = parts.clock.now();
      const entries = listing.entries.map(({ target, remainingMs }) => {
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
      if (entries.length > 0) parts.decisions.apply({ entries });
      parts.logger.warn('holds-recovered', { list: key, holds: entries.length });
    } catch (error) {
      const reason = printable(reasonOf(error));
      parts.logger.error('holds-not-recovered', { list: key, reason });
    }
  }
}
