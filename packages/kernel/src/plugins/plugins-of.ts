import { type AnyPlugin, apiVersion, type ConfigProblem, printable } from '@remand/api';

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
    for (const mistake of wrong) problems.push({ message: `plugin ${where}: ${mistake}` });
  }
  if (seen.size === 0) {
    problems.push({
      message: `${where} exports no plugin`,
      hint: 'export default definePlugin({ kind, name, apiVersion, … })',
    });
  }
  return { plugins, problems };
}

function looksLikePlugin(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && 'kind' in value && 'apiVersion' in value;
}

const kinds: readonly unknown[] = ['source', 'filter', 'action', 'notifier'];

function mistakesOf(plugin: Record<string, unknown>): string[] {
  const { kind, name, options, inject, create } = plugin;
  const called = typeof name === 'string' ? `"${printable(name, 60)}" ` : '';
  if (plugin.apiVersion !== apiVersion) {
    const built = printable(String(plugin.apiVersion), 20);
    return [
      `${called}was built for version ${built} of the plugin contracts; this remand has version ${apiVersion}`,
    ];
  }
  const mistakes: string[] = [];
  if (!kinds.includes(kind)) mistakes.push(`${called}has no kind of ${kinds.join(', ')}`);
  if (typeof name !== 'string' || !/^[a-z0-9-]{1,40}$/.test(name)) {
    mistakes.push('its name must be 1 to 40 of a-z, 0-9 and -');
  }
  if (!isSchema(options)) {
    mistakes.push(`${called}has options that are no Standard Schema with a JSON Schema`);
  }
  if (!Array.isArray(inject) || !inject.every((token) => typeof token === 'symbol')) {
    mistakes.push(`${called}has an inject that is no list of tokens`);
  }
  if (typeof create !== 'function') mistakes.push(`${called}has no create function`);
  if (kind === 'action' && !['own', 'shared'].includes(String(plugin.ownership))) {
    mistakes.push(`${called}has an ownership that is neither own nor shared`);
  }
  if (kind === 'action' && !['jail', 'host'].includes(String(plugin.scope))) {
    mistakes.push(`${called}has a scope that is neither jail nor host`);
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
