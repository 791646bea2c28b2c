import type { Target } from './action.ts';

/** The parts of a canonical target, for actions that keep a set per family and width. */
export interface TargetParts {
  readonly family: 4 | 6;
  /** The first address of the range. */
  readonly base: string;
  /** Bits of the network: 32 or 128 for one address. */
  readonly prefix: number;
}

/** Splits a target that the kernel gave (canonical, so that nothing needs parsing). */
export function targetParts(target: Target): TargetParts {
  const family = target.includes(':') ? 6 : 4;
  const slash = target.indexOf('/');
  if (slash < 0) return { family, base: target, prefix: family === 4 ? 32 : 128 };
  return { family, base: target.slice(0, slash), prefix: Number(target.slice(slash + 1)) };
}

/**
 * The canonical target of an address or range as programs print it. inet_ntop(3) writes the last
 * 32 bits of `::102:304` as `::1.2.3.4`; RFC 5952 does not. Everything else, and what follows, is
 * left as it is.
 */
export function printedTarget(printed: Target): Target {
  const found = /^::([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})(?![^ /])/.exec(printed);
  if (!found) return printed;
  const [all, ...parts] = found;
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
  const groups = [a * 256 + b, c * 256 + d].map((group) => group.toString(16));
  return `::${groups.join(':')}${printed.slice(all.length)}`;
}
