import { type CommandRunner, type ConfigProblem, type PluginModule, printable } from '@remand/api';
import { importModule, listPlugins } from '@remand/kernel';
import { OwnWork } from './own-work.ts';
import { type PluginFinding, throwHints } from './plugin-finding.ts';
import { PluginTrial } from './plugin-trial.ts';
import { emptyConfig } from './trial-config.ts';

export interface VerifyPluginGiven {
  /**
   * What to verify, as `plugins:` of an rc file names it: the absolute path of a file or of a
   * package's folder, or the name of a package. Or the module's exports themselves.
   */
  readonly module: string | object;
  /** Modules that are loaded beside it, in this order and before it. */
  readonly beside?: readonly string[];
  /** Which of several plugins of the module. Default: each. */
  readonly name?: string;
  /** Its options as an rc file has them. Default: none. */
  readonly options?: unknown;
  /** Runs its programs. Default: a runner that starts nothing and answers with nothing. */
  readonly commands?: CommandRunner;
  /** Messages that a filter is offered, beside hostile ones. */
  readonly messages?: readonly string[];
  /** How long a call may take, in ms of real time, before it counts as hanging. Default 2 000. */
  readonly patienceMs?: number;
}

/**
 * Loads a plugin with the loader of the daemon, runs it in a kernel through its whole life, beside
 * fakes and on a clock that the test moves, and tells everything that is wrong with it.
 * @returns nothing when all is well
 *
 * @example
 * it('is a sound plugin', async () => {
 *   assert.deepEqual(await verifyPlugin({ module: join(import.meta.dirname, '..') }), []);
 * });
 */
export async function verifyPlugin(given: VerifyPluginGiven): Promise<readonly PluginFinding[]> {
  const { module, beside = [] } = given;
  const specifier = typeof module === 'string' ? module : 'the module';
  const named = [...beside, specifier];
  const modules = named.map((one, index) => ({ specifier: one, path: ['plugins', index] }));
  const load = (one: PluginModule) =>
    one.specifier === specifier && typeof module === 'object'
      ? Promise.resolve('apiVersion' in module ? { plugin: module } : module)
      : importModule(one);
  const work = new OwnWork();
  try {
    const { plugins, problems } = await listPlugins(emptyConfig(modules), {
      importModule: (one) => work.inside(() => load(one)),
    });
    const left = work.left.map(({ what, place }) => ({
      code: 'PLUGIN_LEAK' as const,
      plugin: specifier,
      phase: 'load' as const,
      message: `${specifier}: importing it began ${what}${place === undefined ? '' : ` at ${place}`}`,
      hint: throwHints.load,
    }));
    const findings = [...problems.map((problem) => findingOf(problem, specifier)), ...left];
    if (findings.length > 0) return findings;
    const wanted = plugins.filter(
      ({ name, origin }) => origin === printable(specifier, 200) && (given.name ?? name) === name,
    );
    const trials: PluginFinding[] = [];
    for (const { kind, name } of wanted) {
      const trial = new PluginTrial({ ...given, kind, name, modules, load });
      trials.push(...(await trial.run()));
    }
    return trials;
  } finally {
    work.end();
  }
}

function findingOf(problem: ConfigProblem, specifier: string): PluginFinding {
  const { code = 'PLUGIN_LOAD', message, hint = throwHints.load } = problem;
  return { code, plugin: specifier, phase: 'load', message, hint };
}
