import {
  type Clock,
  ConfigError,
  type ConfigProblem,
  formatDuration,
  type Notifier,
  PluginError,
  printable,
  RemandError,
  reasonOf,
} from '@remand/api';
import { noPlugins } from '../build.ts';
import { noCommands, silentLogger, systemClock } from '../defaults.ts';
import { DisposalStack } from '../di/disposal-stack.ts';
import { createInstance, pluginServices } from '../instances.ts';
import type { KernelGiven } from '../kernel-contract.ts';
import { Catalogue } from '../plugins/catalogue.ts';
import { importModule } from '../plugins/import-module.ts';
import { type ResolvedUse, resolveUse } from '../plugins/resolve-use.ts';
import { withDeadline } from '../plugins/with-deadline.ts';
import { testNotice } from './notices.ts';
import { notifierNames } from './notifier-names.ts';

export type TryNotifiersGiven = Pick<
  KernelGiven,
  'config' | 'bundled' | 'importModule' | 'commands' | 'clock' | 'logger'
>;

/** What became of the test message of one notifier. */
export interface NotifierTrial {
  /** As `status` calls it. */
  readonly name: string;
  /** From its start until it had delivered, or failed. */
  readonly ms: number;
  /** Missing when the message was delivered. Texts are escaped. */
  readonly failure?: { readonly reason: string; readonly hint: string };
}

const deadlineMs = 30_000;
const disposeDeadlineMs = 5_000;

/**
 * Creates the notifiers of a configuration, and nothing else of it, sends a test message through
 * each, side by side and each within 30 s, and releases them.
 * @throws ConfigError with every problem: no such notifier, wrong options; then nothing was sent
 */
export async function tryNotifiers(given: TryNotifiersGiven): Promise<readonly NotifierTrial[]> {
  const { clock = systemClock, logger = silentLogger, commands = noCommands } = given;
  const uses = await resolve(given);
  const services = pluginServices({ clock, logger, commands });
  const disposals = new DisposalStack(clock, disposeDeadlineMs);
  const names = notifierNames(uses.map(({ plugin }) => plugin.name));
  try {
    return await Promise.all(
      uses.map(async ({ plugin, options }, index) => {
        const name = names[index] ?? plugin.name;
        const what = `notifier ${name}`;
        const make = (): Notifier => {
          const notifier = createInstance(services, plugin, { options }, what);
          disposals.add({ name: what, dispose: async () => release(notifier) });
          return notifier;
        };
        const began = clock.monotonic();
        const failure = await failureOf(name, clock, make);
        return { name, ms: Math.round(clock.monotonic() - began), ...(failure && { failure }) };
      }),
    );
  } finally {
    for (const { name, error } of await disposals.disposeAll()) {
      logger.warn('dispose-failed', { plugin: name, reason: printable(reasonOf(error)) });
    }
  }
}

async function resolve({
  config,
  bundled = noPlugins,
  importModule: load = importModule,
}: TryNotifiersGiven) {
  const catalogue = await Catalogue.load({ config, bundled, importModule: load });
  const problems: ConfigProblem[] = [];
  const uses: ResolvedUse<NonNullable<Awaited<ReturnType<typeof find>>>>[] = [];
  const find = (name: string, path: ConfigProblem['path']) =>
    catalogue.find('notifier', name, path);
  for (const use of config.notifiers) {
    const plugin = await find(use.name, use.path);
    const resolved = plugin && (await resolveUse(plugin, use, problems));
    if (resolved) uses.push(resolved);
  }
  problems.unshift(...catalogue.problems);
  if (problems.length === 0) return uses;
  throw new ConfigError('CONFIG_INVALID', 'the notifiers cannot be tried', { problems });
}

async function failureOf(
  name: string,
  clock: Clock,
  make: () => Notifier,
): Promise<NotifierTrial['failure']> {
  const what = `notifier ${name}`;
  try {
    await withDeadline({ clock, deadlineMs, what }, async (signal) => {
      const notifier = make();
      await notifier.start?.(signal);
      await notifier.deliver([testNotice({ clock }, name)], signal);
    });
    return undefined;
  } catch (error) {
    const reason = printable(reasonOf(error), 500);
    const hint = error instanceof RemandError ? error.hint : undefined;
    return { reason, hint: printable(hint ?? hintFor(error, what), 500) };
  }
}

function hintFor(error: unknown, what: string): string {
  if (error instanceof PluginError && error.code === 'PLUGIN_TIMEOUT') {
    const within = formatDuration(deadlineMs);
    return `nothing answered within ${within}: is what ${what} talks to reachable from here?`;
  }
  return `look at the options of ${what} under notifiers:`;
}

async function release(notifier: Notifier): Promise<void> {
  await notifier.stop?.(disposeDeadlineMs / 2);
  await notifier.dispose?.();
}
