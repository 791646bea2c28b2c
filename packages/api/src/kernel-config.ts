import type { NotifyConfig } from './notify-config.ts';

/**
 * A whole configuration, resolved: durations in ms, defaults filled in. `packages/config` makes
 * one from an rc file; who embeds the kernel writes one.
 */
export interface KernelConfig {
  /** Module specifiers or absolute paths beyond the bundled plugins. */
  readonly plugins: readonly PluginModule[];
  /** Addresses, ranges and host names, added to what is never banned anyway. */
  readonly neverBan: readonly string[];
  /** Addresses and ranges of reverse proxies that say who their client is. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Where `admin` bans go when no jail is named. May be empty. */
  readonly defaultActions: readonly PluginUse[];
  /** How long an admin's ban lasts when nothing else says so; null is for ever. */
  readonly defaultBanTimeMs: number | null;
  /** Filters that the configuration itself describes; wrong ones count even when no jail uses them. */
  readonly filters?: readonly PluginUse[];
  readonly jails: readonly JailConfig[];
  /** The rungs, in the order in which they are written. Default: none. */
  readonly escalation?: readonly RungConfig[];
  /** Range holds. Default: none. */
  readonly network?: NetworkConfig;
  readonly notifiers: readonly PluginUse[];
  /** When the notifiers tell people. Default: `notifyDefaults`. */
  readonly notify?: NotifyConfig;
  readonly fuse: { readonly bans: number; readonly withinMs: number };
  /** Decide and record for every jail, touch no firewall. */
  readonly observe: boolean;
  readonly maxLineBytes: number;
  /** Most addresses that each jail counts at one time; the longest unseen goes first. */
  readonly maxTracked: number;
}

export interface PluginModule {
  readonly specifier: string;
  /** Where the configuration names it, for messages. */
  readonly path: ConfigPath;
}

export type ConfigPath = readonly (string | number)[];

/** A plugin with its options as written: validated by the plugin's own schema. */
export interface PluginUse {
  readonly name: string;
  readonly options: unknown;
  /** Where the configuration names it, for messages. */
  readonly path: ConfigPath;
  /** A name that the configuration gives to a plugin with options, and where the options stand. */
  readonly given?: { readonly name: string; readonly path: ConfigPath };
}

export interface JailConfig {
  readonly name: string;
  readonly filter: PluginUse;
  readonly sources: readonly PluginUse[];
  readonly actions: readonly PluginUse[];
  readonly findTimeMs: number;
  readonly maxRetry: number;
  /** Fewer tries for who was banned by any jail. Default: none. */
  readonly knownMaxRetry?: KnownMaxRetry;
  /** null is for ever. With `banGrowth` that of the first ban. */
  readonly banTimeMs: number | null;
  /** How much longer each further ban of an address is. Default: not at all. */
  readonly banGrowth?: BanGrowth;
  readonly observe: boolean;
  /** Where the configuration names it, for messages. */
  readonly path: ConfigPath;
}

/** How many offences ban an address of which a ban lies less than `withinMs` before. */
export interface KnownMaxRetry {
  /** At least 1 and at most that of the jail. */
  readonly maxRetry: number;
  readonly withinMs: number;
}

/** The n-th ban of an address lasts `banTimeMs * factor^(n−1)`, a little more by the jitter. */
export interface BanGrowth {
  /** At least 1. */
  readonly factor: number;
  /** No ban is longer. */
  readonly maxMs: number;
  /** An address begins again when its last ban has been over for so long. */
  readonly forgetAfterMs: number;
  /** A ban is up to this part longer: 0.1 is a tenth. */
  readonly jitter: number;
}

/**
 * One step of escalation: the `after`-th ban of an address with `newest − oldest < within` is
 * followed by a ban of this rung.
 */
export interface RungConfig {
  readonly name: string;
  readonly after: number;
  readonly withinMs: number;
  /** null is for ever. */
  readonly banTimeMs: number | null;
  /** Default: the very lists of the jail whose ban fired it. */
  readonly actions?: readonly PluginUse[];
  /** The jails whose bans it counts. Default: all. */
  readonly jails?: readonly string[];
  /** The rung whose escalations it counts, instead of bans. */
  readonly of?: string;
  /** Where the configuration names it, for messages. */
  readonly path: ConfigPath;
}

/**
 * Escalation to the network: when `after` distinct addresses of one range are banned with
 * `newest − oldest < within`, the range is banned. An address of v6 is a /64 here.
 */
export interface NetworkConfig {
  /** At least 2. */
  readonly after: number;
  readonly withinMs: number;
  /** null is for ever. */
  readonly banTimeMs: number | null;
  /**
   * How wide a range is, the narrowest (highest prefix) first. For a wider one everything that a hold
   * of a narrower one inside it covers is one.
   */
  readonly prefixes: { readonly v4: readonly number[]; readonly v6: readonly number[] };
  /** Default: the very lists of the jail whose ban fired it. */
  readonly actions?: readonly PluginUse[];
  /** The jails whose bans it counts. Default: all. */
  readonly jails?: readonly string[];
  /** Where the configuration names it, for messages. */
  readonly path: ConfigPath;
}

/** Jails and rungs share one name space; these are the kernel's own holders. */
export const reservedHolders: readonly string[] = ['admin', 'network', 'recovered'];

/** The holder of bans of ranges that escalation decides. */
export const networkHolder = 'network';

/** What the name of a jail or a rung looks like. */
export const holderName: RegExp = /^[a-z0-9-]{1,20}$/;
