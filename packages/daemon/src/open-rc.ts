import { ConfigError, type ConfigProblem } from '@remand/api';
import { findRc, type LoadedRc, type LocatedProblem, loadRc } from '@remand/config';
import { installationFolder } from './installation.ts';

export interface RcChoice {
  /** What `-c` names. Default: where an rc file is looked for. */
  readonly rc?: string;
  /** Observe with every jail. */
  readonly observe?: boolean;
}

/**
 * Finds and reads the rc file of this user.
 * @throws ConfigError when there is none, or when it must not be read
 */
export async function openRc({ rc, observe = false }: RcChoice): Promise<LoadedRc> {
  const found = await findRc({
    ...(rc === undefined ? {} : { explicitPath: rc }),
    cwd: process.cwd(),
    isRoot: process.getuid?.() === 0,
    trusted: [installationFolder],
  });
  return loadRc(found, { observe });
}

/** Like `openRc`, and undefined when none is named and there is none. */
export async function openRcIfAny(choice: RcChoice): Promise<LoadedRc | undefined> {
  try {
    return await openRc(choice);
  } catch (error) {
    const isMissing = error instanceof ConfigError && error.code === 'CONFIG_NOT_FOUND';
    if (isMissing && choice.rc === undefined) return undefined;
    throw error;
  }
}

/** The mistakes that the rc file and the plugins have found, in the order of the file. */
export function allProblems(
  rc: Pick<LoadedRc, 'problems' | 'locate'>,
  ofKernel: readonly ConfigProblem[],
): LocatedProblem[] {
  const known = new Set(rc.problems.map(({ path }) => JSON.stringify(path)));
  const added = ofKernel.filter(({ path }) => !known.has(JSON.stringify(path)));
  const located = [...rc.problems, ...added.map((problem) => withPlace(problem, rc))];
  const files = [...new Set(located.map(({ location }) => location?.file))];
  return located.toSorted(
    ({ location: left }, { location: right }) =>
      files.indexOf(left?.file) - files.indexOf(right?.file) ||
      (left?.line ?? 0) - (right?.line ?? 0) ||
      (left?.column ?? 0) - (right?.column ?? 0),
  );
}

function withPlace(problem: ConfigProblem, { locate }: Pick<LoadedRc, 'locate'>): LocatedProblem {
  const location = locate(problem.path, problem.at);
  return location === undefined ? problem : { ...problem, location };
}
