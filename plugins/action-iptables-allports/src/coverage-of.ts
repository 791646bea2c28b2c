import { type Coverage, portCoverage } from '@remand/api';
import type { Options } from './options.ts';

/** Which packets a list with these options stops. */
export function coverageOf(options: Options): Coverage {
  return {
    hook: 'INPUT and FORWARD',
    local: true,
    forwarded: true,
    // In first place, ahead of any rule that accepts what is established.
    established: true,
    ...portCoverage(options),
  };
}
