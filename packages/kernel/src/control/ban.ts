import { type BanArgs, type BanOutcome, CommandError } from '@remand/api';
import { parseRange } from '../address/parse-target.ts';
import { banNotice } from '../notify/notices.ts';
import { noticesOf } from '../notify/notices-of.ts';
import type { KernelParts } from '../parts.ts';
import { targetArgument } from './address-argument.ts';
import { isoUntil } from './times.ts';

/** A hold of `admin` on the lists of a jail, or on those of the default actions. */
export function ban(
  parts: KernelParts,
  args: BanArgs,
  defaultBanTimeMs: number | null,
): BanOutcome {
  const target = targetArgument(args.address, parts);
  const range = parseRange(target);
  const entry = range && parts.neverBan.touching(range);
  if (entry) {
    throw new CommandError('REFUSED', `${target} is never banned: ${entry.why}`, {
      hint: 'take it out of neverBan, or ban a range that does not hold it',
    });
  }
  const jail = parts.jails.find(({ config }) => config.name === args.jail)?.config;
  if (args.jail !== undefined && !jail) {
    throw new CommandError('NOT_FOUND', `there is no jail named "${args.jail}"`, {
      hint: `there are: ${parts.jails.map(({ config }) => config.name).join(', ')}`,
    });
  }
  const via = jail?.name ?? '';
  const lists = parts.routes.listsOf({ via, observed: false });
  if (lists.length === 0) {
    throw new CommandError('REFUSED', 'there is no list to ban on', {
      hint: jail ? 'this jail has no actions' : 'set defaults.actions, or name a jail with --jail',
    });
  }
  const at = parts.clock.now();
  const lasts = args.forMs !== undefined ? args.forMs : jail ? jail.banTimeMs : defaultBanTimeMs;
  const until = lasts === null ? null : at + lasts;
  const made = parts.newEntry({
    at,
    kind: parts.holds.get(target, 'admin', via) ? 'extend' : 'ban',
    holder: 'admin',
    address: target,
    until,
    details: { via, ...(args.reason !== undefined && { reason: args.reason }) },
  });
  parts.decisions.apply({ entries: [made], notices: noticesOf(parts, [made], banNotice) });
  return { address: target, until: isoUntil(until), lists };
}
