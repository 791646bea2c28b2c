import {
  type AnyPlugin,
  type ApiVersionVerdict,
  apiVersion,
  type ConfigProblem,
  type ErrorCodeOf,
  judgeApiVersion,
  printable,
} from '@remand/api';

type Problem = Omit<ConfigProblem, 'path'>;

/** The plugins that a module exports, by default or by name, and what is wrong with the others. */
export function pluginsOf(
  exports: unknown,
  where: string,
): { readonly plugins: readonly AnyPlugin[]; readonly problems: readonly Problem[] } {
  const plugins: AnyPlugin[] = [];
  const problems: Problem[] = [];
  const seen = new Set<unknown>();
  for (const value of Object.values(
    exports !== null && typeof exports === 'object' ? exports : {},
  )) {
    if (!looksLikePlugin(value) || seen.has(value)) continue;
    seen.add(value);
    const wrong = mistakesOf(value);
    if (wrong.length === 0) plugins.push(value as unknown as AnyPlugin);
    for (const { code = 'PLUGIN_INVALID', message, hint } of wrong) {
      problems.push({ message: `plugin ${where}: ${message}`, hint, code });
    }
  }
  if (seen.size === 0) {
    problems.push({
      message: `${where} exports no plugin`,
      code: 'PLUGIN_INVALID',
      hint: 'export default definePlugin({ kind, name, apiVersion, … })',
    });
  }
  return { plugins, problems };
}

function looksLikePlugin(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && 'kind' in value && 'apiVersion' in value;
}

const versionHints: Readonly<Record<Exclude<ApiVersionVerdict, 'loads'>, string>> = {
  'too new': `update remand, or install a version of the plugin that was built for ${apiVersion}`,
  'too old':
    'install a newer version of the plugin; its author finds the changes in docs/reference/plugin-api.md',
  malformed: `its author writes apiVersion: ${apiVersion}, the whole number that it was built for`,
};

const kinds: readonly unknown[] = ['source', 'filter', 'action', 'notifier'];

interface Mistake {
  readonly message: string;
  readonly hint: string;
  readonly code?: ErrorCodeOf<'plugin'>;
}

function mistakesOf(plugin: Record<string, unknown>): Mistake[] {
  const { kind, name, options, inject, create } = plugin;
  const called = typeof name === 'string' ? `"${printable(name, 60)}" ` : '';
  const verdict = judgeApiVersion(plugin.apiVersion);
  if (verdict !== 'loads') {
    const built = printable(String(plugin.apiVersion), 20);
    return [
      {
        message: `${called}was built for version ${built} of the plugin contracts; this remand has version ${apiVersion}`,
        hint: versionHints[verdict],
        code: 'PLUGIN_API_VERSION',
      },
    ];
  }
  const mistakes: Mistake[] = [];
  const add = (message: string, hint: string) => mistakes.push({ message, hint });
  if (!kinds.includes(kind)) {
    add(`${called}has no kind of ${kinds.join(', ')}`, "write kind: 'filter', or what it is");
  }
  if (typeof name !== 'string' || !/^[a-z0-9-]{1,40}$/.test(name)) {
    add('its name must be 1 to 40 of a-z, 0-9 and -', "write name: 'my-plugin'");
  }
  if (!isSchema(options)) {
    add(
      `${called}has options that are no Standard Schema with a JSON Schema`,
      'a schema of zod 4 is one: options: z.strictObject({})',
    );
  }
  if (!Array.isArray(inject) || !inject.every((token) => typeof token === 'symbol')) {
    add(
      `${called}has an inject that is no list of tokens`,
      'write inject: [pluginTokens.logger], or [] for nothing',
    );
  }
  if (typeof create !== 'function') {
    add(`${called}has no create function`, 'create returns an instance that is not yet at work');
  }
  if (kind === 'action' && !['own', 'shared'].includes(String(plugin.ownership))) {
    add(
      `${called}has an ownership that is neither own nor shared`,
      'own: it makes the place where its entries are; shared: others have entries there too',
    );
  }
  if (kind === 'action' && !['jail', 'host'].includes(String(plugin.scope))) {
    add(
      `${called}has a scope that is neither jail nor host`,
      'jail: a list for each jail; host: one list for all of them',
    );
  }
  return mistakes;
}

function isSchema(value: unknown): boolean {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  const standard: unknown = Reflect.get(value, '~standard');
  if (standard === null || typeof standard !== 'object') return false;
  return (
    typeof Reflect.get(standard, 'validate') === 'function' &&
    typeof Reflect.get(standard, 'jsonSchema') === 'object'
  );
}
