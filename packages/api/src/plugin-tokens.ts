import type { Clock } from './clock.ts';
import type { CommandRunner } from './command-runner.ts';
import type { Logger } from './logger.ts';
import { type PluginToken, pluginToken } from './token.ts';

/** Everything that a plugin may have injected. List what you need in `inject`, in any order. */
export const pluginTokens: {
  /** The time. Never call `Date.now()`, `setTimeout` or `setInterval` in a plugin. */
  readonly clock: PluginToken<Clock>;
  /** A logger that already carries the plugin's id. */
  readonly logger: PluginToken<Logger>;
  /** The only way to start a program. */
  readonly commands: PluginToken<CommandRunner>;
} = {
  clock: pluginToken('clock'),
  logger: pluginToken('logger'),
  commands: pluginToken('commands'),
};
