import type { ConfigPath, JailConfig, NetworkConfig, RungConfig } from '@remand/api';
import { builtinDefaults } from './builtin-defaults.ts';
import { toUses } from './plugin-use.ts';
import { networkSchema, rungSchema, type WrittenRung } from './rc-schema.ts';
import { valid } from './valid.ts';
import { isWritten, type Written } from './written.ts';

/** The rungs that are valid, each by itself. */
export function resolveEscalation(
  raw: Written,
  jails: readonly JailConfig[],
): readonly RungConfig[] {
  const { escalation } = raw;
  if (!Array.isArray(escalation)) return [];
  const isKnown = knownJails(raw, jails);
  return escalation.flatMap((one: unknown, index) => {
    const rung = valid(rungSchema, one);
    return rung ? [rungConfig(rung, ['escalation', index], isKnown)] : [];
  });
}

/** Range holds, if they are switched on and valid. */
export function resolveNetwork(
  raw: Written,
  jails: readonly JailConfig[],
): NetworkConfig | undefined {
  const network = raw.network === undefined ? undefined : valid(networkSchema, raw.network);
  if (!network) return undefined;
  const { after, within, banTime, v4, v6, actions, jails: its } = network;
  const preset = builtinDefaults.network;
  const path = ['network'];
  return {
    after: after ?? preset.after,
    withinMs: within ?? preset.withinMs,
    banTimeMs: banTime === undefined ? preset.banTimeMs : banTime,
    prefixes: { v4: narrowestFirst(v4 ?? preset.v4), v6: narrowestFirst(v6 ?? preset.v6) },
    ...(actions && { actions: toUses(actions, [...path, 'actions']) }),
    ...(its && { jails: its.filter(knownJails(raw, jails)) }),
    path,
  };
}

function narrowestFirst(written: number | readonly number[]): readonly number[] {
  const prefixes = typeof written === 'number' ? [written] : written;
  return [...new Set(prefixes)].sort((left, right) => right - left);
}

/** A jail that is switched off, or wrong itself, is no mistake of what names it. */
function knownJails(raw: Written, jails: readonly JailConfig[]): (name: string) => boolean {
  const written = isWritten(raw.jails) ? Object.keys(raw.jails) : [];
  const inUse = new Set(jails.map(({ name }) => name));
  return (name) => inUse.has(name) || !written.includes(name);
}

function rungConfig(
  { name, after, within, banTime, actions, jails, of }: WrittenRung,
  path: ConfigPath,
  isKnown: (jail: string) => boolean,
): RungConfig {
  return {
    ...{ name, after, withinMs: within, banTimeMs: banTime, path },
    ...(actions && { actions: toUses(actions, [...path, 'actions']) }),
    ...(jails && { jails: jails.filter(isKnown) }),
    ...(of !== undefined && { of }),
  };
}
