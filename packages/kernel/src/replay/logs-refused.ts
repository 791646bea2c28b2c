import { CommandError, printable } from '@remand/api';
import type { LogProblem } from './inspect-log.ts';

/** One error with every log that cannot be replayed. */
export function logsRefused(problems: readonly LogProblem[]): CommandError {
  const [only, ...others] = problems;
  if (only && others.length === 0) {
    return new CommandError('INPUT_UNREADABLE', sentence(only), { hint: only.hint });
  }
  const lines = problems.map((one) => `\n  ${sentence(one)} (${one.hint})`).join('');
  return new CommandError(
    'INPUT_UNREADABLE',
    `${problems.length} logs cannot be replayed:${lines}`,
  );
}

function sentence({ path, reason }: LogProblem): string {
  return `${printable(path, 400)} ${reason}`;
}
