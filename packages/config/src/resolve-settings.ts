import { dirname, resolve } from 'node:path';
import type { ConfigProblem, JailConfig, KernelConfig, PluginModule, PluginUse } from '@remand/api';
import {
  builtinDefaults,
  defaultSocket,
  defaultStatePath,
  type Surroundings,
} from './builtin-defaults.ts';
import { looseUses } from './loose-uses.ts';
import { sourcesFrom, toUse, toUses } from './plugin-use.ts';
import {
  jailsSchema,
  rcSchema,
  rulesSchema,
  type WrittenJail,
  type WrittenRules,
} from './rc-schema.ts';
import { resolveEscalation, resolveNetwork } from './resolve-escalation.ts';
import { resolveFilter, resolveFilters } from './resolve-filters.ts';
import { resolveNotify } from './resolve-notify.ts';
import type { Settings } from './settings.ts';
import { valid } from './valid.ts';
import { isWritten, type Written } from './written.ts';

export interface ResolveGiven extends Surroundings {
  /** The absolute path of the main file: relative paths in it start at its folder. */
  readonly file: string;
  /** For every jail. */
  readonly observe: boolean;
}

/** What the rc file comes to. Whatever is invalid in `raw` is left out, as if it were not there. */
export function resolveSettings(
  raw: Written,
  given: ResolveGiven,
): { readonly settings: Settings; readonly problems: readonly ConfigProblem[] } {
  const folder = dirname(given.file);
  const { shape } = rcSchema;
  const defaults = validRules(raw.defaults);
  const fuse = valid(shape.fuse, raw.fuse);
  const control = valid(shape.control, raw.control);
  const log = valid(shape.log, raw.log);
  const state = {
    path: under(folder, valid(shape.state, raw.state)?.path) ?? defaultStatePath(given),
  };
  const filters = resolveFilters(raw);
  const trustedProxies = valid(shape.trustedProxies, raw.trustedProxies) ?? [];
  const jails = resolveJails(raw, { folder, defaults, filters });
  const network = resolveNetwork(raw, jails);
  const kernel: KernelConfig = {
    plugins: (valid(shape.plugins, raw.plugins) ?? []).map((specifier, index) => ({
      specifier: resolveSpecifier(folder, specifier),
      path: ['plugins', index],
    })) satisfies PluginModule[],
    neverBan: [...(valid(shape.neverBan, raw.neverBan) ?? []), ...trustedProxies],
    ...(trustedProxies.length > 0 && { trustedProxies }),
    defaultActions: toUses(defaults.actions, ['defaults', 'actions']),
    defaultBanTimeMs: banTimes(defaults.banTime).banTimeMs,
    ...(filters.size > 0 && { filters: [...filters.values()] }),
    jails,
    escalation: resolveEscalation(raw, jails),
    ...(network && { network }),
    notifiers: toUses(valid(shape.notifiers, raw.notifiers), ['notifiers']),
    notify: resolveNotify(raw.notify),
    fuse: {
      bans: fuse?.bans ?? builtinDefaults.fuse.bans,
      withinMs: fuse?.within ?? builtinDefaults.fuse.withinMs,
    },
    observe: given.observe,
    maxLineBytes: valid(shape.maxLine, raw.maxLine) ?? builtinDefaults.maxLineBytes,
    maxTracked: valid(shape.maxTracked, raw.maxTracked) ?? builtinDefaults.maxTracked,
  };
  const logFile = under(folder, log?.file);
  const settings: Settings = {
    kernel,
    looseUses: looseUses(raw, { folder, filters }),
    state,
    control: {
      socket: under(folder, control?.socket) ?? defaultSocket(given, state.path),
      ...(control?.group === undefined ? {} : { group: control.group }),
    },
    log: {
      level: log?.level ?? builtinDefaults.log.level,
      format: log?.format ?? builtinDefaults.log.format,
      ...(logFile === undefined ? {} : { file: logFile }),
    },
  };
  // Actions of the defaults that are there and wrong are one problem, not one of each jail.
  const isSure = defaults.actions !== undefined || !hasActions(raw.defaults);
  return {
    settings,
    problems: [
      ...(isSure && !given.observe ? jails.flatMap(withoutActions) : []),
      ...jails.flatMap(({ filter }) => optionsOfOwn(filter, filters)),
      ...socketProblems(settings.control.socket),
    ],
  };
}

function hasActions(defaults: unknown): boolean {
  return defaults !== undefined && (!isWritten(defaults) || 'actions' in defaults);
}

/** Key by key, so that one that is wrong does not take the others with it. */
function validRules(written: unknown): WrittenRules {
  if (!isWritten(written)) return {};
  const { findTime, maxRetry, banTime, actions } = rulesSchema.shape;
  return {
    findTime: valid(findTime, written.findTime),
    maxRetry: valid(maxRetry, written.maxRetry),
    banTime: valid(banTime, written.banTime),
    actions: valid(actions, written.actions),
  };
}

interface JailsGiven {
  /** Of the rc file: a relative path starts there. */
  readonly folder: string;
  readonly defaults: WrittenRules;
  readonly filters: ReadonlyMap<string, PluginUse>;
}

function resolveJails(raw: Written, given: JailsGiven): readonly JailConfig[] {
  const { jails } = raw;
  if (!isWritten(jails)) return [];
  return Object.entries(jails).flatMap(([name, written]) => {
    const jail = valid(jailsSchema, { [name]: written })?.[name];
    return jail === undefined || jail.enabled === false ? [] : [resolveJail(name, jail, given)];
  });
}

function resolveJail(
  name: string,
  jail: WrittenJail,
  { folder, defaults, filters }: JailsGiven,
): JailConfig {
  const path = ['jails', name];
  return {
    name,
    filter: resolveFilter(toUse(jail.filter, [...path, 'filter']), filters),
    sources: toUses(jail.sources, [...path, 'sources'], sourcesFrom(folder)),
    actions:
      jail.actions === undefined
        ? toUses(defaults.actions, ['defaults', 'actions'])
        : toUses(jail.actions, [...path, 'actions']),
    findTimeMs: jail.findTime ?? defaults.findTime ?? builtinDefaults.findTimeMs,
    ...tries(jail.maxRetry ?? defaults.maxRetry),
    ...banTimes(jail.banTime === undefined ? defaults.banTime : jail.banTime),
    observe: jail.observe ?? false,
    path,
  };
}

function tries(written: WrittenRules['maxRetry']): Pick<JailConfig, 'maxRetry' | 'knownMaxRetry'> {
  if (written === undefined) return { maxRetry: builtinDefaults.maxRetry };
  if (typeof written === 'number') return { maxRetry: written };
  const { knownMaxRetry } = builtinDefaults;
  return {
    maxRetry: written.first ?? builtinDefaults.maxRetry,
    knownMaxRetry: {
      maxRetry: written.known ?? knownMaxRetry.maxRetry,
      withinMs: written.within ?? knownMaxRetry.withinMs,
    },
  };
}

/** null is a value: for ever. */
function banTimes(written: WrittenRules['banTime']): Pick<JailConfig, 'banTimeMs' | 'banGrowth'> {
  if (written === undefined) return { banTimeMs: builtinDefaults.banTimeMs };
  if (typeof written === 'number' || written === null) return { banTimeMs: written };
  const { banGrowth } = builtinDefaults;
  return {
    banTimeMs: written.first,
    banGrowth: {
      factor: written.factor ?? banGrowth.factor,
      maxMs: written.max ?? banGrowth.maxMs,
      forgetAfterMs: written.forgetAfter ?? banGrowth.forgetAfterMs,
      jitter: written.jitter ?? 0,
    },
  };
}

/** A filter of the rc file has its options where it is described. */
function optionsOfOwn(
  { name, path }: PluginUse,
  filters: ReadonlyMap<string, PluginUse>,
): readonly ConfigProblem[] {
  if (!filters.has(name)) return [];
  const message = `the filter ${name} takes no options here`;
  return [{ path: [...path, name], message, hint: `give them under filters: ${name}` }];
}

function withoutActions({ actions, observe, path }: JailConfig): readonly ConfigProblem[] {
  if (actions.length > 0 || observe) return [];
  return [
    {
      path,
      at: 'key',
      message: 'has no actions, so that nothing would be blocked',
      hint: 'give it actions, give defaults.actions, or say observe: true',
    },
  ];
}

function socketProblems(socket: string): readonly ConfigProblem[] {
  // sun_path of unix(7) has 108 bytes, of macOS 104, with the zero at its end.
  const most = 103;
  if (Buffer.byteLength(socket) <= most) return [];
  const message = `the path of the socket is longer than ${most} bytes, which sockets do not allow`;
  return [{ path: ['control', 'socket'], message, hint: 'name a shorter one' }];
}

function resolveSpecifier(folder: string, specifier: string): string {
  return /^[./]/.test(specifier) ? resolve(folder, specifier) : specifier;
}

function under(folder: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(folder, path);
}
