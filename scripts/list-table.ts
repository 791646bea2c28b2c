import { type Action, type AnyPlugin, formatDuration } from '@remand/api';

/** An action as an rc file may use it, made and not started. */
export interface ListUse {
  readonly plugin: AnyPlugin<'action'>;
  /** The options as written. */
  readonly given: object;
  /** The options with their defaults. */
  readonly options: unknown;
  readonly action: Action;
}

const head = [
  'action',
  'what it does',
  'list of the holder `sshd`',
  'one for',
  'entries of others',
  'families',
  'ranges',
  'entries at most',
  'counts down itself, at most',
  'blocks after a reboot, before remand runs',
];

/** A Markdown table of what lists are like, a row for each use. */
export function listTable(uses: readonly ListUse[]): string {
  const rows = [head, head.map(() => '---'), ...uses.map(cellsOf)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf({ plugin, given, options, action }: ListUse): readonly string[] {
  const { limits } = action;
  const { maxEntries } = limits;
  const isFound = limits.provisional === true;
  const found = 'as found at the start';
  return [
    `\`${writtenAs(plugin.name, given)}\``,
    plugin.summary,
    `\`${listOf(plugin, options)}\``,
    isPerHolder(plugin, options) ? 'each holder' : 'all holders',
    plugin.ownership === 'own' ? 'none in the part that remand made' : 'kept, and never removed',
    limits.families.map((family) => `IPv${family}`).join(', '),
    isFound ? found : limits.ranges ? 'yes' : 'no',
    isFound ? found : maxEntries === undefined ? 'no limit' : String(maxEntries),
    isFound ? found : countsDown(limits.maxTimeoutMs),
    reboot(plugin.outlivesReboot),
  ];
}

/** `nftables`, or with options `{ ipset: { set: blocked } }`. */
function writtenAs(name: string, given: object): string {
  const words = Object.entries(given).map(([key, value]) => `${key}: ${inFlow(value)}`);
  return words.length === 0 ? name : `{ ${name}: { ${words.join(', ')} } }`;
}

function inFlow(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(inFlow).join(', ')}]` : String(value);
}

function listOf(plugin: AnyPlugin<'action'>, options: unknown, holder = 'sshd'): string {
  const { name, scope } = plugin;
  const byScope = scope === 'jail' ? `${name}/${holder}` : name;
  return plugin.listKey?.(options, holder) ?? byScope;
}

function isPerHolder(plugin: AnyPlugin<'action'>, options: unknown): boolean {
  return listOf(plugin, options, 'one') !== listOf(plugin, options, 'other');
}

function countsDown(maxTimeoutMs: number): string {
  if (maxTimeoutMs === 0) return 'no: the daemon removes';
  return maxTimeoutMs < Number.MAX_SAFE_INTEGER ? formatDuration(maxTimeoutMs) : 'any time';
}

function reboot(outlives: boolean | undefined): string {
  if (outlives === undefined) return 'as it is set up';
  return outlives ? 'yes' : 'no';
}
