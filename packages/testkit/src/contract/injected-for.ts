import {
  type AnyPlugin,
  type Clock,
  type CommandRunner,
  type PluginToken,
  pluginTokens,
} from '@remand/api';
import { memoryLogger } from '../memory-logger.ts';
import { RecordingCommandRunner } from '../recording-command-runner.ts';

/** What a plugin asks for in `inject`, from a rig. */
export function injectedFor(
  plugin: Pick<AnyPlugin, 'inject'>,
  rig: { readonly clock: Clock; readonly commands?: CommandRunner | undefined },
): unknown[] {
  const services = new Map<PluginToken<unknown>, unknown>([
    [pluginTokens.clock, rig.clock],
    [pluginTokens.commands, rig.commands ?? new RecordingCommandRunner()],
    [pluginTokens.logger, memoryLogger()],
  ]);
  return plugin.inject.map((token: PluginToken<unknown>) => services.get(token));
}
