import {
  type ConfigPath,
  formatDuration,
  hideSecrets,
  type JailConfig,
  type NetworkConfig,
  type NotifyConfig,
  notifyDefaults,
  type PluginUse,
  printable,
  type RungConfig,
} from '@remand/api';
import type { LoadedRc } from './load-rc.ts';
import { timeOfDay } from './notify-schema.ts';

export interface EffectiveValue {
  readonly path: ConfigPath;
  /** Safe for a terminal. */
  readonly value: string;
  /** `remand.yaml:14`, `defaults of remand.yaml:5`, `built-in default`. */
  readonly origin: string;
}

/** Every setting as it counts, with where it comes from; jails first. Empty without settings. */
export function effectiveValues(
  rc: Pick<LoadedRc, 'settings' | 'originOf'>,
): readonly EffectiveValue[] {
  if (rc.settings === undefined) return [];
  const { kernel, state, control, log } = rc.settings;
  const rows: readonly (readonly [ConfigPath, string])[] = [
    ...kernel.jails.flatMap(jailRows),
    ...(kernel.escalation ?? []).flatMap(rungRows),
    ...networkRows(kernel.network),
    [['defaults', 'banTime'], formatDuration(kernel.defaultBanTimeMs)],
    [['defaults', 'actions'], uses(kernel.defaultActions)],
    [['plugins'], names(kernel.plugins.map((plugin) => plugin.specifier))],
    [['neverBan'], names(kernel.neverBan)],
    [['trustedProxies'], names(kernel.trustedProxies ?? [])],
    [['notifiers'], uses(kernel.notifiers)],
    ...notifyRows(kernel.notify ?? notifyDefaults),
    [['fuse', 'bans'], String(kernel.fuse.bans)],
    [['fuse', 'within'], formatDuration(kernel.fuse.withinMs)],
    [['maxLine'], String(kernel.maxLineBytes)],
    [['maxTracked'], String(kernel.maxTracked)],
    [['state', 'path'], state.path],
    [['control', 'socket'], control.socket],
    [['control', 'group'], control.group ?? 'none'],
    [['log', 'level'], log.level],
    [['log', 'format'], log.format],
    [['log', 'file'], log.file ?? 'standard error'],
  ];
  return rows.map(([path, value]) => ({
    path,
    value: printable(value, 1000),
    origin: rc.originOf(path),
  }));
}

function jailRows(jail: JailConfig): readonly (readonly [ConfigPath, string])[] {
  const at = (key: string) => [...jail.path, key];
  return [
    [at('filter'), uses([jail.filter])],
    [at('sources'), uses(jail.sources)],
    [at('findTime'), formatDuration(jail.findTimeMs)],
    [at('maxRetry'), tries(jail)],
    [at('banTime'), ladder(jail)],
    [at('actions'), uses(jail.actions)],
    [at('observe'), String(jail.observe)],
  ];
}

/** `3; 1 for who was banned within 4w 2d` */
function tries({ maxRetry, knownMaxRetry }: JailConfig): string {
  if (!knownMaxRetry) return String(maxRetry);
  const within = formatDuration(knownMaxRetry.withinMs);
  return `${maxRetry}; ${knownMaxRetry.maxRetry} for who was banned within ${within}`;
}

/** `10m, 20m, 40m … 1w from the 11th on, forgotten after 30d, up to 10% longer` */
function ladder({ banTimeMs, banGrowth }: JailConfig): string {
  if (banTimeMs === null || !banGrowth) return formatDuration(banTimeMs);
  const { factor, maxMs, forgetAfterMs, jitter } = banGrowth;
  const steps: string[] = [];
  let ms = banTimeMs;
  while (ms < maxMs && factor > 1 && steps.length < mostSteps) {
    steps.push(formatDuration(ms));
    ms *= factor;
  }
  const last =
    ms < maxMs && factor > 1
      ? `… at most ${formatDuration(maxMs)}`
      : formatDuration(Math.min(ms, maxMs));
  const longer = jitter > 0 ? `; up to ${Math.round(jitter * 100)}% longer` : '';
  return `${[...steps, last].join(', ')}; forgotten after ${formatDuration(forgetAfterMs)}${longer}`;
}

/** More of them nobody reads. */
const mostSteps = 15;

function rungRows(rung: RungConfig): readonly (readonly [ConfigPath, string])[] {
  const at = (key: string) => [...rung.path, key];
  const { name, after, withinMs, banTimeMs, actions, jails, of } = rung;
  return [
    [at('name'), name],
    [at('after'), String(after)],
    of === undefined ? [at('jails'), jails ? names(jails) : 'all'] : [at('of'), of],
    [at('within'), formatDuration(withinMs)],
    [at('banTime'), formatDuration(banTimeMs)],
    [at('actions'), actions ? uses(actions) : 'the lists of the jail whose ban fires it'],
  ];
}

function networkRows(
  network: NetworkConfig | undefined,
): readonly (readonly [ConfigPath, string])[] {
  if (!network) return [[['network'], 'off']];
  const at = (key: string) => [...network.path, key];
  const { after, withinMs, banTimeMs, prefixes, actions, jails } = network;
  const widths = (list: readonly number[]) => names(list.map((prefix) => `/${prefix}`));
  return [
    [at('after'), String(after)],
    [at('within'), formatDuration(withinMs)],
    [at('banTime'), formatDuration(banTimeMs)],
    [at('v4'), widths(prefixes.v4)],
    [at('v6'), widths(prefixes.v6)],
    [at('jails'), jails ? names(jails) : 'all'],
    [at('actions'), actions ? uses(actions) : 'the lists of the jail whose ban fires it'],
  ];
}

function notifyRows(notify: NotifyConfig): readonly (readonly [ConfigPath, string])[] {
  const { digest, leaveOut } = notify;
  const at = (key: string) => ['notify', key];
  return [
    [at('gather'), formatDuration(notify.gatherMs)],
    [at('burst'), String(notify.burst)],
    [at('refill'), formatDuration(notify.refillMs)],
    [at('most'), String(notify.most)],
    [at('digest'), digest ? (digest.every === 'day' ? 'daily' : 'weekly') : 'off'],
    ...(digest ? ([[at('digestAt'), timeOfDay(digest.atMinute)]] as const) : []),
    [at('quietWhenEscalated'), String(notify.quietWhenEscalated)],
    [at('restored'), String(notify.restored)],
    [at('startAndStop'), String(notify.startAndStop)],
    [at('leaveOut'), names(leaveOut)],
  ];
}

function uses(list: readonly PluginUse[]): string {
  return names(
    list.map(({ name, options, given }) => {
      if (given) return given.name;
      const written = JSON.stringify(hideSecrets(options));
      return written === '{}' ? name : `${name} ${written}`;
    }),
  );
}

function names(list: readonly string[]): string {
  return list.length === 0 ? 'none' : list.join(', ');
}
