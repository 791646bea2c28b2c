import { type AnyPlugin, type Clock, type PluginToken, pluginTokens } from '@remand/api';
import type { Journal } from './journal.ts';
import { OwnClock } from './own-clock.ts';
import type { OwnWork } from './own-work.ts';
import { WatchedInstance } from './watched-instance.ts';

/** A plugin whose instances are watched, as the kernel takes it for the plugin itself. */
export interface WatchedPlugin {
  readonly plugin: AnyPlugin;
  readonly instances: readonly WatchedInstance[];
}

export function watchedPlugin(
  plugin: AnyPlugin,
  given: { readonly clock: Clock; readonly work: OwnWork; readonly journal: Journal },
): WatchedPlugin {
  const { work, journal } = given;
  const instances: WatchedInstance[] = [];
  // The kernel knows which kind it is, and here all kinds are made alike.
  const create = plugin.create.bind(plugin) as (...args: readonly unknown[]) => object;
  const watched = {
    ...plugin,
    create: (use: unknown, ...injected: readonly unknown[]) => {
      const clock = new OwnClock(given.clock, work);
      const services = injected.map((service, index) => {
        const token: PluginToken<unknown> | undefined = plugin.inject[index];
        return token === pluginTokens.clock ? clock : service;
      });
      const instance = WatchedInstance.made({
        clock,
        work,
        journal,
        use,
        make: (copy) => work.inside(() => create(copy, ...services)),
      });
      instances.push(instance);
      return instance.proxy;
    },
  };
  return { plugin: watched as AnyPlugin, instances };
}
