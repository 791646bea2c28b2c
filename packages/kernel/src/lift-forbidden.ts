import { parseRange } from './address/parse-target.ts';
import type { Hold } from './ledger/ledger.ts';
import { unbanNotice } from './notify/notices.ts';
import { noticesOf } from './notify/notices-of.ts';
import type { KernelParts } from './parts.ts';

/** Lifts every hold that blocks somebody of the never-ban set. @returns what was lifted */
export function liftForbidden(parts: KernelParts): readonly Hold[] {
  const at = parts.clock.now();
  const lifted: Hold[] = [];
  const entries = [];
  for (const hold of parts.holds.all()) {
    const range = parseRange(hold.target);
    const protectedBy = range && parts.neverBan.touching(range);
    if (!protectedBy) continue;
    lifted.push(hold);
    entries.push(
      parts.newEntry({
        at,
        kind: 'unban',
        holder: hold.holder,
        address: hold.target,
        details: {
          via: hold.via,
          reason: `never banned: ${protectedBy.why}`,
          ...(hold.observed && { observed: true }),
        },
      }),
    );
  }
  if (entries.length > 0) {
    parts.decisions.apply({ entries, notices: noticesOf(parts, entries, unbanNotice) });
  }
  return lifted;
}
