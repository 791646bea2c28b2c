import { ConfigError, printable, RemandError, reasonOf } from '@remand/api';

/** Exit codes that scripts rely on. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

/** What to write to stderr about something thrown. The words of our own errors are safe already. */
export function failureText(error: unknown): string {
  if (!(error instanceof RemandError)) {
    return `remand: this is a mistake in remand itself: ${printable(reasonOf(error), 500)}\n`;
  }
  const hint = error.hint === undefined ? '' : `  ${error.hint}\n`;
  return `remand: ${error.message}\n${hint}`;
}

export function exitCodeOf(error: unknown): number {
  return error instanceof ConfigError ? exitCodes.usage : exitCodes.failed;
}
