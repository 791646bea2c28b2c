import { type LocatedProblem, pathText } from '@remand/config';

/** A mistake as `remand check` and `remand reload` show it. */
export interface CheckProblem {
  /** `remand.yaml:14:5`; missing when a problem has no place. */
  readonly place?: string;
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

export function checkProblem({ location, path, message, hint }: LocatedProblem): CheckProblem {
  return {
    ...(location === undefined
      ? {}
      : { place: `${location.file}:${location.line}:${location.column}` }),
    path: pathText(path),
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}
