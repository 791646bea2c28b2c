import type {
  Clock,
  CommandRunner,
  ConfigProblem,
  ControlApi,
  FlushOutcome,
  KernelConfig,
  LedgerEntry,
  Logger,
  PluginKind,
  PluginModule,
  PluginUse,
} from '@remand/api';
import type { TcpSocket } from './still-seen/tcp-sockets.ts';

/** The bundled plugins by kind and short name; each is imported only when it is used. */
export type BundledPlugins = Readonly<
  Record<PluginKind, Readonly<Record<string, () => Promise<unknown>>>>
>;

/** What a kernel is made from. */
export interface KernelGiven {
  readonly config: KernelConfig;
  /** Default: none. `packages/daemon` passes the table of `bundled.ts`. */
  readonly bundled?: BundledPlugins;
  /** The folder of the ledger, made with mode 0700 if it is missing; `null` keeps it in memory. */
  readonly stateFolder: string | null;
  /** Shown by `status`. */
  readonly version: string;
  /** How programs are started. Without it an action that needs one is degraded. */
  readonly commands?: CommandRunner;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: silence. */
  readonly logger?: Logger;
  /** Imports a plugin that the configuration names. Default: `import()` without checks. */
  readonly importModule?: (module: PluginModule) => Promise<unknown>;
  /** What is never banned on this machine. Default: looks at it. Tests pass their own. */
  readonly machine?: MachineView;
}

/** What the never-ban set asks of the machine. Each call looks afresh; none throws. */
export interface MachineView {
  /** Own addresses, default gateways, resolvers, the peers of logged-in sessions. */
  protectedAddresses(): Promise<readonly { readonly address: string; readonly why: string }[]>;
  /** Addresses of a host name; rejects when it cannot be resolved now. */
  resolve(name: string): Promise<readonly string[]>;
  /** The TCP sockets of this machine; undefined, or no such method, where they cannot be seen. */
  tcpSockets?(): Promise<readonly TcpSocket[] | undefined>;
}

/** An engine that runs without a daemon around it. */
export interface Kernel {
  /** Everything that can be asked or told. Usable between `start` and `stop`. */
  readonly control: ControlApi;
  /**
   * Opens the ledger, starts lists, then sources. Conditions of the machine degrade what they
   * concern and are retried.
   * @throws CommandError when the state cannot be opened or is in use
   */
  start(): Promise<void>;
  /**
   * Stops sources, finishes what is under way, closes the ledger, disposes plugins. Bans stay in
   * the firewall unless `flush`. Safe to call twice and after a failed start.
   */
  stop(options?: { readonly deadlineMs?: number; readonly flush?: boolean }): Promise<void>;
  /**
   * Goes on with another configuration: builds and validates all of it, then puts it in the place of
   * the one in force between two batches of lines. What both want alike goes on undisturbed: sources,
   * lists and notifiers with equal options, the counters of jails by their names, every hold. Lists
   * that `flush` paused are enforced again; lists that are not configured any more are emptied last.
   * Conditions of the machine degrade what they concern. Reloads wait for each other.
   * @returns what has changed, after the first try to empty what is not configured any more
   * @throws ConfigError with every problem at once; nothing has changed
   * @throws CommandError REFUSED when the kernel is stopped before the new one is in force
   */
  reload(config: KernelConfig): Promise<ReloadReport>;
  /** Calls back after each commit with what was written. @returns a function that ends it */
  onEntries(listener: (entries: readonly LedgerEntry[]) => void): () => void;
}

/** What a reload has changed. */
export interface ReloadReport {
  readonly jails: ReloadChanges;
  readonly rungs: ReloadChanges;
  readonly sources: ReloadChanges;
  readonly lists: ReloadChanges;
  readonly notifiers: ReloadChanges;
  /** What became of the lists that are not configured any more. */
  readonly emptied: FlushOutcome['lists'];
  /** Bans that are on no list any more, because their jail was removed with its lists. */
  readonly stranded: readonly { readonly holder: string; readonly bans: number }[];
}

/** Names; what is not among them goes on as it was. */
export interface ReloadChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * `createKernel(given)` builds a kernel: imports and validates every plugin and option, creates
 * the instances, touches nothing else.
 * @throws ConfigError with every problem at once
 */
export type CreateKernel = (given: KernelGiven) => Promise<Kernel>;

/** Finds the mistakes that `createKernel` would refuse, without building anything. */
export type CheckKernelConfig = (
  given: Pick<KernelGiven, 'config' | 'bundled' | 'importModule' | 'machine'> & {
    /** Uses that stand in no valid part of a configuration, to be checked on their own. */
    readonly looseUses?: readonly { readonly kind: PluginKind; readonly use: PluginUse }[];
  },
) => Promise<{
  readonly problems: readonly ConfigProblem[];
  /** Which holders share which list, for `remand check`. */
  readonly lists: readonly ListPlan[];
  readonly warnings: readonly string[];
}>;

/**
 * Gives jails without sources those that their filter names: of each the first that has lines on
 * this machine. Mistakes are left to `createKernel`. Without `commands` nothing is looked at, and the
 * first one is taken.
 */
export type ChooseSources = (
  given: Pick<KernelGiven, 'config' | 'bundled' | 'importModule' | 'commands' | 'clock' | 'logger'>,
) => Promise<{
  readonly config: KernelConfig;
  readonly chosen: readonly ChosenSources[];
}>;

/** What a jail was given that names no sources. */
export interface ChosenSources {
  readonly jail: string;
  /** The name of its filter, which named them. */
  readonly filter: string;
  readonly sources: readonly PluginUse[];
  /** Safe for a terminal: `filter sshd logs to the journal, which has lines of it`. */
  readonly reason: string;
}

export interface ListPlan {
  readonly list: string;
  readonly action: string;
  readonly ownership: 'own' | 'shared';
  readonly holders: readonly string[];
}
