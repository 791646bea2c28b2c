import { ConfigError, type ConfigProblem, type ErrorCodeOf, errorCodes } from '@remand/api';
import type { Locate, LocatedProblem } from './location.ts';
import { pathText } from './shown.ts';

/** `remand.yaml:14:5  jails.sshd.maxRetry: got "three", wanted a whole number from 1 to 1000` */
export function renderProblem(problem: ConfigProblem | LocatedProblem, locate?: Locate): string {
  const place = placeOf(problem, locate);
  const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column}  `;
  const path = problem.path.length === 0 ? '' : `${pathText(problem.path)}: `;
  const hint = problem.hint === undefined ? '' : ` (${problem.hint})`;
  const code = shownCode(problem);
  return `${where}${path}${problem.message}${hint}${code === undefined ? '' : ` [${code}]`}`;
}

/** One error with every problem, a line each. `locate` places those of a kernel. */
export function rcError(
  problems: readonly (ConfigProblem | LocatedProblem)[],
  locate?: Locate,
): ConfigError {
  const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
  const lines = problems.map((problem) => `\n  ${renderProblem(problem, locate)}`);
  return new ConfigError(codeOf(problems), `${count} in the configuration:${lines.join('')}`, {
    problems,
  });
}

/** The code of a mistake in a plugin, which is not the fault of the rc file. */
export function shownCode({ code }: ConfigProblem): ErrorCodeOf<'plugin'> | undefined {
  return code === undefined || isOfConfig(code) ? undefined : code;
}

function isOfConfig(code: ErrorCodeOf<'config' | 'plugin'>): code is ErrorCodeOf<'config'> {
  return errorCodes[code].kind === 'config';
}

/** What all of them are, else the code that stands for any mistake. */
function codeOf(problems: readonly ConfigProblem[]): ErrorCodeOf<'config'> {
  const codes = new Set(
    problems.map(({ code = 'CONFIG_INVALID' }) => (isOfConfig(code) ? code : 'CONFIG_INVALID')),
  );
  const [only, ...others] = codes;
  return only !== undefined && others.length === 0 ? only : 'CONFIG_INVALID';
}

function placeOf(problem: LocatedProblem, locate: Locate | undefined) {
  return problem.location ?? locate?.(problem.path, problem.at);
}
