import { type ConfigProblem, InternalError } from '@remand/api';
import { type LoadedRc, rcError, type Settings } from '@remand/config';
import { allProblems } from './open-rc.ts';

/**
 * The settings of an rc file without mistakes.
 * @throws ConfigError with every mistake, those that the kernel found included
 */
export function refuseProblems(rc: LoadedRc, ofKernel: readonly ConfigProblem[] = []): Settings {
  const problems = allProblems(rc, ofKernel);
  if (problems.length > 0) throw rcError(problems, rc.locate);
  if (rc.settings === undefined) throw new InternalError('an rc file without settings or problems');
  return rc.settings;
}
