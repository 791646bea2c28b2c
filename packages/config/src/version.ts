import type { LocatedProblem } from './location.ts';
import { shown } from './shown.ts';

/** Whether a file was written for another remand. */
export function isOtherVersion(version: unknown): boolean {
  return typeof version === 'number' && version !== 1;
}

export function otherVersion(version: unknown): LocatedProblem {
  return {
    path: ['version'],
    message: `got ${shown(version)}, wanted 1, the version that this remand reads`,
    hint: 'use the remand that this file was written for',
  };
}
