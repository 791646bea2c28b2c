import type { EnforceListener } from './enforce/list-spec.ts';
import { driftNotice, notEnforcedNotice, recoveredNotice } from './notify/notices.ts';
import type { KernelParts } from './parts.ts';

/** At most so many `enforce-failed` entries are written for one failure of a list. */
const mostEntries = 100;

/** Writes down and tells what enforcement reports. */
export function enforceListener(partsLater: () => KernelParts): EnforceListener {
  return {
    notEnforced(list, targets, reason) {
      const parts = partsLater();
      const at = parts.clock.now();
      parts.logger.error('not-enforced', { list, targets: targets.length, reason });
      parts.decisions.apply({
        entries: targets.slice(0, mostEntries).map((address) =>
          parts.newEntry({
            at,
            kind: 'enforce-failed',
            holder: parts.holds.of(address)[0]?.holder ?? '',
            address,
            details: { list, reason },
          }),
        ),
        notices: [notEnforcedNotice(parts, { list, targets, reason })],
      });
    },

    recovered(list) {
      const parts = partsLater();
      parts.logger.info('enforced-again', { list });
      parts.decisions.apply({ notices: [recoveredNotice(parts, { list })] });
    },

    drift(list, found) {
      const parts = partsLater();
      parts.logger.warn('drift', { list, ...found });
      parts.stillSeen.lists.changed(list);
      parts.decisions.apply({ notices: [driftNotice(parts, { list, ...found })] });
    },

    enforced(list, targets) {
      const { logger, stillSeen } = partsLater();
      logger.debug('enforced', { list, targets: targets.length });
      stillSeen.lists.enforced(list, targets);
    },

    restored(list) {
      partsLater().stillSeen.lists.restored(list);
    },
  };
}
