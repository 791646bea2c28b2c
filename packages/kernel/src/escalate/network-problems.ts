import type { ConfigProblem, KernelConfig } from '@remand/api';
import { unknownJails } from './rung-problems.ts';

/** How wide and how narrow a range may be: v4 up to a /16, v6 up to a /32. */
export const networkBounds = {
  v4: { widest: 16, narrowest: 31 },
  v6: { widest: 32, narrowest: 63 },
} as const;

/** What is wrong with range holds beyond their actions. */
export function networkProblems({ network, jails }: KernelConfig): readonly ConfigProblem[] {
  if (!network) return [];
  const { path, after, prefixes } = network;
  const problems: ConfigProblem[] = [...unknownJails(network, jails)];
  if (!Number.isInteger(after) || after < 2) {
    const message = `got ${after}, wanted a whole number from 2 on: one banned address is no network`;
    problems.push({ path: [...path, 'after'], message });
  }
  for (const family of ['v4', 'v6'] as const) {
    const { widest, narrowest } = networkBounds[family];
    const addresses =
      prefixes[family].length === 0
        ? after
        : 2 ** ((family === 'v4' ? 32 : 64) - Math.min(...prefixes[family]));
    for (const prefix of prefixes[family]) {
      if (Number.isInteger(prefix) && prefix >= widest && prefix <= narrowest) continue;
      const message = `got /${prefix}, wanted a prefix from ${widest} (widest) to ${narrowest}`;
      problems.push({ path: [...path, family], message });
    }
    if (addresses < after) {
      const message = `a /${Math.min(...prefixes[family])} has ${addresses} addresses, and ${after} have to be banned`;
      problems.push({
        path: [...path, family],
        message,
        hint: 'lower after, or take a wider range',
      });
    }
  }
  if (prefixes.v4.length + prefixes.v6.length === 0) {
    const message = 'names no prefix, so that no range can be banned';
    problems.push({ path, message, at: 'key', hint: 'v4: 24, or leave network out' });
  }
  return problems;
}
