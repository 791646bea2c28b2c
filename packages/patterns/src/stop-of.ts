import type { PatternTrial } from '@remand/api';

/** Where a pattern that did not match stopped, in words; characters are counted from 1. */
export function stopOf({ pattern, reached, wanted = 'more' }: PatternTrial): string {
  return `${pattern} got to character ${reached + 1}, wanted ${wanted}`;
}
