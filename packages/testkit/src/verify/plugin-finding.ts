import type { ErrorCodeOf, PluginPhase } from '@remand/api';

/** One thing that is wrong with a plugin, for its author. */
export interface PluginFinding {
  /** See `docs/reference/errors.md`. */
  readonly code: ErrorCodeOf<'config' | 'plugin'>;
  /** `action foo`, or the module that was to be loaded. */
  readonly plugin: string;
  /** In which phase of its life. */
  readonly phase: PluginPhase;
  /** What happened. */
  readonly message: string;
  /** What the author does about it. */
  readonly hint: string;
}

/** What to do about a throw, by the phase in which it came. */
export const throwHints: Readonly<Record<PluginPhase, string>> = {
  load: 'importing a plugin must do nothing: what can fail belongs into start',
  create: 'create only makes the instance: what can fail belongs into start',
  start:
    'when the machine is at fault throw a CommandError, and start is tried again; give verifyPlugin the options and commands with which it can start',
  work: 'when the machine is at fault throw a CommandError; anything else is a mistake in the plugin',
  stop: 'stop must not throw, also after a failed start, before one, and when it is called twice',
  dispose:
    'dispose must not throw, also after a failed start, before one, and when it is called twice',
};
