import type { Target } from './action.ts';
import { printable } from './printable.ts';
import { targetParts } from './target.ts';

/**
 * Why an action cannot enter a target, or undefined if it can. For actions that hand targets to
 * programs: what is no address must not come near those, which would ask the resolver for it or
 * read it as an argument. The kernel gives canonical targets only; this is the second look.
 */
export function whyNotEnterable(target: Target): string | undefined {
  const { family, base, prefix } = targetParts(target);
  const isAddress = family === 4 ? v4.test(base) : isV6(base);
  const isCanonical = /^[^/]+(?:\/[0-9]{1,3})?$/.test(target);
  if (!isAddress || !isCanonical || prefix > (family === 4 ? 32 : 128)) {
    return `"${printable(target, 60)}" is no canonical address`;
  }
  return prefix === 0 ? 'a range of all addresses is not entered' : undefined;
}

const v4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;

/** RFC 5952: lower case, no zone, and no v4 part, for that would be a v4 address. */
function isV6(base: string): boolean {
  const halves = base.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = halves.flat();
  const isWhole = halves.length === 1 ? groups.length === 8 : groups.length < 8;
  return halves.length <= 2 && isWhole && groups.every((group) => /^[0-9a-f]{1,4}$/.test(group));
}
