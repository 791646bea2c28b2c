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
