import { printable, reasonOf } from '@remand/api';

/** The list as a whole cannot be worked with now. */
export class ListDown extends Error {
  readonly hint: string;

  constructor(reason: string, hint: string) {
    super(reason);
    this.name = 'ListDown';
    this.hint = hint;
  }
}

const downCodes = ['COMMAND_MISSING', 'COMMAND_TIMEOUT', 'PLUGIN_TIMEOUT'];

/** Whether a failure says that no entry would fare better. */
export function isListDown(error: unknown): boolean {
  if (error instanceof ListDown) return true;
  return error instanceof Error && 'code' in error && downCodes.includes(String(error.code));
}

/** What `status` shows of a failure. */
export function troubleOf(error: unknown): { readonly reason: string; readonly hint: string } {
  const hint = error instanceof Error && 'hint' in error ? error.hint : undefined;
  return {
    reason: printable(reasonOf(error)),
    hint: typeof hint === 'string' ? hint : 'it is tried again at growing intervals; see the log',
  };
}
