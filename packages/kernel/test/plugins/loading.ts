import {
  type AnyPlugin,
  ConfigError,
  type ConfigProblem,
  definePlugin,
  type KernelConfig,
  type OptionsSchema,
  type PluginModule,
} from '@remand/api';
import {
  FakeClock,
  LogFeed,
  memoryAction,
  recordingNotifier,
  scriptedFilter,
} from '@remand/testkit';
import { createKernel } from '../../src/kernel.ts';
import { bundle, kernelConfig } from '../kernel-rig.ts';

/** Modules by specifier; an Error is what importing one throws. */
export type Modules = Readonly<Record<string, unknown>>;

export function module(specifier: string, index = 0): PluginModule {
  return { specifier, path: ['plugins', index] };
}

/** The mistakes for which a kernel with the testkit's plugins is refused; none if it is made. */
export async function problemsOf(
  config: Partial<KernelConfig>,
  { modules = {}, plugins = [] }: { modules?: Modules; plugins?: readonly AnyPlugin[] } = {},
): Promise<readonly ConfigProblem[]> {
  try {
    const kernel = await createKernel({
      config: kernelConfig(config),
      bundled: bundle([
        new LogFeed().plugin,
        memoryAction({ clock: new FakeClock() }).plugin,
        recordingNotifier().plugin,
        scriptedFilter(),
        ...plugins,
      ]),
      importModule: async ({ specifier }) => {
        const found = modules[specifier];
        if (found instanceof Error) throw found;
        return found;
      },
      stateFolder: null,
      version: '0.0.0',
      clock: new FakeClock(),
    });
    await kernel.stop();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Takes `{ colour: red | green }` and nothing else. */
export const colourOptions: OptionsSchema = {
  '~standard': {
    version: 1,
    vendor: 'remand-test',
    validate: (value) => {
      const { colour, ...rest }: { colour?: unknown } = value ?? {};
      const unknown = Object.keys(rest)[0];
      if (unknown !== undefined) return { issues: [{ message: `unknown option "${unknown}"` }] };
      if (colour === undefined || colour === 'red' || colour === 'green') return { value };
      return { issues: [{ message: 'wanted "red" or "green"', path: [{ key: 'colour' }] }] };
    },
    jsonSchema: {
      input: () => ({ properties: { colour: {} } }),
      output: () => ({ properties: { colour: {} } }),
    },
  },
};

export const colourFilter: AnyPlugin<'filter'> = definePlugin({
  kind: 'filter',
  name: 'colour',
  apiVersion: 1,
  summary: 'Has options.',
  options: colourOptions,
  inject: [],
  create: () => ({ match: () => undefined }),
});
