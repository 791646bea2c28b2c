import { type Coverage, portCoverage } from '@remand/api';
import type { Options } from './options.ts';

/** Which packets a list with these options stops. */
export function coverageOf(options: Options): Coverage {
  const { hook } = options;
  return {
    hook,
    local: hook !== 'forward',
    forwarded: hook !== 'input',
    established: true,
    ...portCoverage(options),
  };
}
