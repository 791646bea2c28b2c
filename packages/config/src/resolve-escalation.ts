import type { ConfigPath, JailConfig, RungConfig } from '@remand/api';
import { toUses } from './plugin-use.ts';
import { rungSchema, type WrittenRung } from './rc-schema.ts';
import { valid } from './valid.ts';
import { isWritten, type Written } from './written.ts';

/** The rungs that are valid, each by itself. */
export function resolveEscalation(
  raw: Written,
  jails: readonly JailConfig[],
): readonly RungConfig[] {
  const { escalation } = raw;
  if (!Array.isArray(escalation)) return [];
  const written = isWritten(raw.jails) ? Object.keys(raw.jails) : [];
  const inUse = new Set(jails.map(({ name }) => name));
  // A jail that is switched off, or wrong itself, is no mistake of the rung that names it.
  const isKnown = (name: string) => inUse.has(name) || !written.includes(name);
  return escalation.flatMap((one: unknown, index) => {
    const rung = valid(rungSchema, one);
    return rung ? [rungConfig(rung, ['escalation', index], isKnown)] : [];
  });
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
