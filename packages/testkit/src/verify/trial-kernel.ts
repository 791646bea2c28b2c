import type { Clock, CommandRunner, KernelConfig, PluginModule } from '@remand/api';
import { createKernel, type Kernel } from '@remand/kernel';
import type { LogFeed } from '../log-feed.ts';
import { memoryAction } from '../memory-action.ts';
import { memoryLogger } from '../memory-logger.ts';
import { recordingNotifier } from '../recording-notifier.ts';
import { scriptedFilter } from '../scripted-filter.ts';
import { fakes } from './trial-config.ts';

/**
 * A kernel with the fakes of the testkit beside the plugin, on a machine that has nothing.
 * @throws ConfigError when the plugin or its options are refused
 */
export function trialKernel(given: {
  readonly config: KernelConfig;
  readonly importModule: (module: PluginModule) => Promise<unknown>;
  readonly feed: LogFeed;
  readonly clock: Clock;
  readonly commands: CommandRunner;
}): Promise<Kernel> {
  const { feed, ...rest } = given;
  const plugin = async <T>(fake: T) => ({ plugin: fake });
  const { clock } = rest;
  return createKernel({
    ...rest,
    bundled: {
      source: { [fakes.source]: () => plugin(feed.plugin) },
      filter: { [fakes.filter]: () => plugin(scriptedFilter({ name: fakes.filter })) },
      action: { [fakes.action]: () => plugin(memoryAction({ clock, name: fakes.action }).plugin) },
      notifier: {
        [fakes.notifier]: () => plugin(recordingNotifier({ name: fakes.notifier }).plugin),
      },
    },
    stateFolder: null,
    version: 'testkit',
    logger: memoryLogger(),
    machine: {
      protectedAddresses: async () => [],
      resolve: () => Promise.reject(new Error('the testkit resolves no names')),
    },
  });
}
