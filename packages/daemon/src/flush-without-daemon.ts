import type { AnyPlugin, FlushArgs, FlushOutcome, Source } from '@remand/api';
import { type BundledPlugins, createKernel } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { createCommandRunner } from './command-runner.ts';
import { importPlugin } from './import-plugin.ts';
import { installedVersion } from './installation.ts';
import { openRc, type RcChoice } from './open-rc.ts';
import { refuseProblems } from './refuse-problems.ts';

/**
 * Takes remand's entries out of the firewall while no daemon runs: a kernel that reads no lines and
 * tells nobody, under the lock of the state, so that no daemon can start meanwhile.
 * @throws ConfigError for a wrong rc file, CommandError STATE_IN_USE when a daemon runs after all
 */
export async function flushWithoutDaemon(choice: RcChoice & FlushArgs): Promise<FlushOutcome> {
  const rc = await openRc(choice);
  const settings = refuseProblems(rc);
  const kernel = await createKernel({
    config: { ...settings.kernel, notifiers: [] },
    bundled: { ...bundled, source: quiet(bundled.source) },
    importModule: async (module) => withoutSources(await importPlugin(module)),
    stateFolder: settings.state.path,
    version: installedVersion(),
    commands: createCommandRunner(),
  });
  try {
    await kernel.start();
    return await kernel.control.flush(choice.list === undefined ? {} : { list: choice.list });
  } finally {
    await kernel.stop();
  }
}

function quiet(sources: BundledPlugins['source']): BundledPlugins['source'] {
  return Object.fromEntries(
    Object.entries(sources).map(([name, load]) => [name, async () => withoutSources(await load())]),
  );
}

/** The same plugins, except that sources read nothing. */
function withoutSources(exports: unknown): unknown {
  if (typeof exports !== 'object' || exports === null) return exports;
  return Object.fromEntries(
    Object.entries(exports).map(([name, value]) => [
      name,
      isSource(value) ? { ...value, create: () => idle } : value,
    ]),
  );
}

const idle: Source = { start: async () => undefined };

function isSource(value: unknown): value is AnyPlugin<'source'> {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'kind') === 'source';
}
