import type { ErrorCode } from '@remand/api';
import { type LocatedProblem, pathText, shownCode } from '@remand/config';

/** A mistake as `remand check` and `remand reload` show it. */
export interface CheckProblem {
  /** `remand.yaml:14:5`; missing when a problem has no place. */
  readonly place?: string;
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
  /** For a mistake in a plugin. */
  readonly code?: ErrorCode;
}

export function checkProblem(problem: LocatedProblem): CheckProblem {
  const { location, path, message, hint } = problem;
  const code = shownCode(problem);
  return {
    ...(location === undefined
      ? {}
      : { place: `${location.file}:${location.line}:${location.column}` }),
    path: pathText(path),
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(code === undefined ? {} : { code }),
  };
}
