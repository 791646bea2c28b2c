import type { KernelConfig, PluginKind, PluginModule, PluginUse } from '@remand/api';

/** The names of the fakes beside the plugin; no plugin is called so. */
export const fakes = {
  source: 'testkit-feed',
  filter: 'testkit-filter',
  action: 'testkit-memory',
  notifier: 'testkit-recorder',
} as const satisfies Record<PluginKind, string>;

/** A configuration without jails. */
export function emptyConfig(plugins: readonly PluginModule[]): KernelConfig {
  return {
    plugins,
    neverBan: [],
    defaultActions: [],
    defaultBanTimeMs: 60_000,
    jails: [],
    notifiers: [],
    fuse: { bans: 20_000, withinMs: 60_000 },
    observe: false,
    maxLineBytes: 16_384,
    maxTracked: 1_000,
  };
}

/** One jail that bans for a minute at the third offence, with the plugin in its place. */
export function trialConfig(
  plugins: readonly PluginModule[],
  plugin: { readonly kind: PluginKind; readonly name: string; readonly options: unknown },
): KernelConfig {
  const use = (kind: PluginKind): PluginUse =>
    kind === plugin.kind
      ? { name: plugin.name, options: plugin.options, path: [] }
      : { name: fakes[kind], options: {}, path: [] };
  return {
    ...emptyConfig(plugins),
    jails: [
      {
        name: 'verify',
        filter: use('filter'),
        sources: [use('source')],
        actions: [use('action')],
        findTimeMs: 600_000,
        maxRetry: 3,
        banTimeMs: 60_000,
        observe: false,
        path: [],
      },
    ],
    notifiers: [use('notifier')],
  };
}
