import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AnyPlugin,
  type ControlApi,
  type JailConfig,
  type KernelConfig,
  type NotifyConfig,
  notifyDefaults,
  type PluginUse,
} from '@remand/api';
import {
  FakeClock,
  LogFeed,
  memoryAction,
  memoryLogger,
  recordingNotifier,
  scriptedFilter,
  settle,
} from '@remand/testkit';
import { onTestFinished } from 'vitest';
import { createKernel } from '../src/kernel.ts';
import type { BundledPlugins, Kernel } from '../src/kernel-contract.ts';
import type { TcpSocket } from '../src/still-seen/tcp-sockets.ts';

export const start = Date.UTC(2026, 0, 1);

export function use(name: string, options: unknown = {}): PluginUse {
  return { name, options, path: ['uses', name] };
}

/** A jail that bans for a minute at the third `abuse from …` within ten minutes. */
export function jail(given: Partial<JailConfig> & { readonly name: string }): JailConfig {
  return {
    filter: use('scripted'),
    sources: [use('feed')],
    actions: [use('memory')],
    findTimeMs: 600_000,
    maxRetry: 3,
    banTimeMs: 60_000,
    observe: false,
    path: ['jails', given.name],
    ...given,
  };
}

/** People are told at once, of everything; the policy has tests of its own. */
export const promptly: NotifyConfig = {
  ...notifyDefaults,
  ...{ gatherMs: 20, burst: 1_000, most: 1_000_000, digest: null, quietWhenEscalated: false },
};

export function kernelConfig(given: Partial<KernelConfig> = {}): KernelConfig {
  return {
    plugins: [],
    neverBan: [],
    defaultActions: [],
    defaultBanTimeMs: 60_000,
    jails: [jail({ name: 'ssh' })],
    notifiers: [use('recorder')],
    notify: promptly,
    fuse: { bans: 20_000, withinMs: 60_000 },
    observe: false,
    maxLineBytes: 16_384,
    maxTracked: 1_000,
    ...given,
  };
}

/** A table of bundled plugins as the daemon passes one. */
export function bundle(plugins: readonly AnyPlugin[]): BundledPlugins {
  const ofKind = (kind: AnyPlugin['kind']) =>
    Object.fromEntries(
      plugins
        .filter((plugin) => plugin.kind === kind)
        .map((plugin) => [plugin.name, async () => ({ default: plugin })]),
    );
  return {
    source: ofKind('source'),
    filter: ofKind('filter'),
    action: ofKind('action'),
    notifier: ofKind('notifier'),
  };
}

/** A machine whose logs, lists and clock outlive its kernels. */
export class KernelRig {
  readonly clock = new FakeClock(start);
  readonly logger = memoryLogger();
  readonly feed = new LogFeed();
  readonly memory = memoryAction({ clock: this.clock });
  readonly recorder = recordingNotifier();
  /** What is never banned on this machine, and what names resolve to. */
  protectedAddresses: { readonly address: string; readonly why: string }[] = [];
  names: Record<string, readonly string[]> = {};
  /** The TCP sockets of this machine. */
  sockets: readonly TcpSocket[] | undefined;
  #kernel: Kernel | undefined;

  /** Makes and starts a kernel; it is stopped when the test is over. */
  async start(
    given: Partial<KernelConfig> = {},
    more: { readonly plugins?: readonly AnyPlugin[]; readonly stateFolder?: string } = {},
  ): Promise<Kernel> {
    const kernel = await createKernel({
      config: kernelConfig(given),
      bundled: bundle([
        this.feed.plugin,
        this.memory.plugin,
        this.recorder.plugin,
        scriptedFilter(),
        ...(more.plugins ?? []),
      ]),
      stateFolder: more.stateFolder ?? null,
      version: '0.0.0',
      clock: this.clock,
      logger: this.logger,
      machine: {
        protectedAddresses: async () => this.protectedAddresses,
        resolve: async (name) => {
          const found = this.names[name];
          if (!found) throw new Error('no such host');
          return found;
        },
        tcpSockets: async () => this.sockets,
      },
    });
    onTestFinished(() => kernel.stop());
    await kernel.start();
    this.#kernel = kernel;
    await settle();
    return kernel;
  }

  /** A state folder that is removed when the test is over. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'remand-kernel-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    return folder;
  }

  async stop(): Promise<void> {
    await this.#kernel?.stop();
  }

  get control(): ControlApi {
    if (!this.#kernel) throw new Error('no kernel was started');
    return this.#kernel.control;
  }

  /** The n-th jail as `status` shows it. */
  async jail(index = 0): Promise<Awaited<ReturnType<ControlApi['status']>>['jails'][number]> {
    const found = (await this.control.status({})).jails[index];
    if (!found) throw new Error('no such jail');
    return found;
  }

  /** Writes live lines of abuse, and lets the kernel act. */
  async abuse(address: string, times = 1): Promise<void> {
    await this.feed.push(Array.from({ length: times }, () => abuse(address)));
    await this.pass(100);
  }

  /** Lets time pass, and everything that becomes due happen. */
  async pass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
  }
}

/** A line of `app` at a time in ms after `start`. */
export function lineAt(afterMs: number, message: string): string {
  return `${new Date(start + afterMs).toISOString()} host app[1]: ${message}`;
}

export function abuse(address: string, afterMs = 0): string {
  return lineAt(afterMs, `abuse from ${address}`);
}
