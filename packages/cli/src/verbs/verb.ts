import { type Paint, painter } from '../output/paint.ts';
import type { Terminal } from '../terminal.ts';

/** What every verb works with. */
export interface VerbContext {
  readonly terminal: Terminal;
  readonly paint: Paint;
}

/** The options that nearly every verb has. */
export interface CommonOptions {
  readonly config?: string;
  readonly socket?: string;
  readonly json?: boolean;
}

/** Does the work and returns the exit code. */
export type Verb<Args extends readonly unknown[]> = (
  context: VerbContext,
  ...args: Args
) => Promise<number>;

export function contextOf(terminal: Terminal): VerbContext {
  return { terminal, paint: painter(terminal.colour) };
}
