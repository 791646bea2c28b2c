import { CommandError, ConfigError, printable, type RemandError } from '@remand/api';
import type { LogProblem } from './inspect-log.ts';

/**
 * One error with every log that cannot be replayed: `USAGE` when one of the names is wrong, else
 * `INPUT_UNREADABLE`.
 */
export function logsRefused(problems: readonly LogProblem[]): RemandError {
  const [only, ...others] = problems;
  const isAlone = only !== undefined && others.length === 0;
  const lines = problems.map((one) => `\n  ${sentence(one)} (${one.hint})`).join('');
  const text = isAlone ? sentence(only) : `${problems.length} logs cannot be replayed:${lines}`;
  const details = isAlone ? { hint: only.hint } : {};
  return problems.some(({ misnamed }) => misnamed)
    ? new ConfigError('USAGE', text, details)
    : new CommandError('INPUT_UNREADABLE', text, details);
}

function sentence({ path, reason }: LogProblem): string {
  return `${printable(path, 400)} ${reason}`;
}
