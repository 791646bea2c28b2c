import { isIPv4, isIPv6 } from 'node:net';
import { printable, type Target, targetParts } from '@remand/api';

/**
 * Why a target cannot be entered, or undefined if it can. All three ways take names too and would
 * ask the resolver, or read more than one word: what is no address must not come near them.
 */
export function whyNotEnterable(target: Target): string | undefined {
  const { family, base, prefix } = targetParts(target);
  const isAddress = family === 4 ? isIPv4(base) : isIPv6(base) && !base.includes('%');
  const isCanonical = /^[^/]+(?:\/[0-9]{1,3})?$/.test(target);
  if (!isAddress || !isCanonical || prefix > (family === 4 ? 32 : 128)) {
    return `"${printable(target, 60)}" is no canonical address`;
  }
  return prefix === 0 ? 'a range of all addresses is not entered' : undefined;
}
