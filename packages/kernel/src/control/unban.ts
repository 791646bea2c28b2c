import { CommandError, type Target, type UnbanArgs, type UnbanOutcome } from '@remand/api';
import { isLiveAt } from '../ledger/hold-rule.ts';
import type { Hold } from '../ledger/ledger.ts';
import { unbanNotice } from '../notify/notices.ts';
import { noticesOf } from '../notify/notices-of.ts';
import type { KernelParts } from '../parts.ts';
import { targetArgument } from './address-argument.ts';
import { isoUntil } from './times.ts';

/** Lifts holds: the only one there is, those of one holder, or all. */
export function unban(parts: KernelParts, args: UnbanArgs): UnbanOutcome {
  const target = targetArgument(args.address, parts);
  const live = parts.holds.of(target);
  if (live.length === 0) {
    const insideRange = rangeAround(parts, target);
    if (insideRange !== undefined) return { address: target, lifted: [], insideRange };
    throw new CommandError('NOT_FOUND', `${target} is not banned`, {
      hint: 'remand bans lists what is',
    });
  }
  const chosen = args.holder ? live.filter(({ holder }) => holder === args.holder) : live;
  if (chosen.length === 0) {
    throw new CommandError('NOT_FOUND', `"${args.holder}" has no ban of ${target}`, {
      hint: `it is held by: ${live.map(({ holder }) => holder).join(', ')}`,
    });
  }
  const several = new Set(live.map(({ holder }) => holder)).size > 1;
  if (several && args.holder === undefined && !args.all) {
    return { address: target, lifted: [], choose: live.map(brief) };
  }
  const at = parts.clock.now();
  const entries = chosen.map(({ holder, via, observed }) =>
    parts.newEntry({
      at,
      kind: 'unban',
      holder,
      address: target,
      details: {
        via,
        ...(observed && { observed }),
        ...(args.mistake && { mistake: true }),
        ...(args.reason !== undefined && { reason: args.reason }),
      },
    }),
  );
  parts.decisions.apply({ entries, notices: noticesOf(parts, entries, unbanNotice) });
  const insideRange = rangeAround(parts, target);
  return {
    address: target,
    lifted: chosen.map(brief),
    ...(insideRange !== undefined && { insideRange }),
  };
}

function brief({ holder, until }: Hold): { holder: string; until: string | null } {
  return { holder, until: isoUntil(until) };
}

function rangeAround({ holds, clock }: KernelParts, target: Target): Target | undefined {
  const now = clock.now();
  return holds.ranges.around(target).find((hold) => isLiveAt(hold, now))?.target;
}
