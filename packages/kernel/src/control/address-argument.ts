import { ConfigError, printable, type Target } from '@remand/api';
import { normaliseTarget } from '../address/normalise.ts';
import { formatRange, parseRange } from '../address/parse-target.ts';
import type { KernelParts } from '../parts.ts';

/**
 * The address or range that a person typed, normalised as detection does.
 * @throws ConfigError USAGE when it is neither
 */
export function targetArgument(text: string, { neverBan, holds }: KernelParts): Target {
  // What is banned as it was typed: a /128 whose /64 was protected then.
  const exact = parseRange(text);
  if (exact && holds.of(formatRange(exact)).length > 0) return formatRange(exact);
  const target = normaliseTarget(text, (range) => neverBan.touching(range) !== undefined);
  if (target !== undefined) return target;
  throw new ConfigError(
    'USAGE',
    `got "${printable(text, 80)}", wanted an address or a range such as 192.0.2.0/24`,
    { hint: 'host names are not resolved here' },
  );
}
