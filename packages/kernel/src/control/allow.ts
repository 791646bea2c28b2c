import { type AllowArgs, type AllowOutcome, ConfigError, printable } from '@remand/api';
import { formatRange, parseRange } from '../address/parse-target.ts';
import { liftForbidden } from '../lift-forbidden.ts';
import type { KernelParts } from '../parts.ts';
import { isoUntil } from './times.ts';

/** Protects exactly what was typed (no /64), lifts the holds that cover it, and remembers it. */
export function allow(parts: KernelParts, args: AllowArgs): AllowOutcome {
  const range = parseRange(args.address);
  if (!range) {
    throw new ConfigError(
      'USAGE',
      `got "${printable(args.address, 80)}", wanted an address or a range such as 192.0.2.0/24`,
    );
  }
  const target = formatRange(range);
  const at = parts.clock.now();
  const until = args.forMs === null ? null : at + args.forMs;
  const entry = parts.newEntry({ at, kind: 'allow', holder: 'admin', address: target, until });
  parts.decisions.apply({ entries: [entry] });
  parts.neverBan.addAllowed(target, until);
  const lifted = liftForbidden(parts);
  return {
    address: target,
    until: isoUntil(until),
    lifted: lifted.map(({ target: address, holder }) => ({ address, holder })),
  };
}
