import type { Framing } from '@remand/api';
import { dispatchTo } from '../detect/dispatch.ts';
import type { Generation } from '../generation.ts';
import type { PlannedJail } from '../plugins/plan.ts';
import type { ReplayStream } from './track.ts';

/**
 * Which jails read the logs in which way: as the first source of a jail says. What has no header
 * has no times, and is left out.
 */
export function replayStreams({ plan, filters }: Generation): {
  readonly streams: readonly ReplayStream[];
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const byZone = new Map<string, { framing: Framing; jails: Set<string> }>();
  for (const jail of plan.jails) {
    const { name } = jail.config;
    const framings = framingsOf(jail).filter(({ header }) => header !== 'none');
    const [framing] = framings;
    if (!framing) {
      warnings.push(
        `jail ${name} is left out: its lines have no header (header: none), so no times`,
      );
      continue;
    }
    const zones = new Set(framings.map(({ timeZone }) => timeZone ?? "the machine's zone"));
    if (zones.size > 1) {
      const [taken, ...others] = zones;
      warnings.push(
        `jail ${name}: its sources have different zones; ${taken} is taken, not ${others.join(', ')}`,
      );
    }
    const key = framing.timeZone ?? '';
    const known = byZone.get(key);
    if (known) known.jails.add(name);
    else byZone.set(key, { framing, jails: new Set([name]) });
  }
  const streams = [...byZone].map(([zone, { framing, jails }]) => ({
    name: `replay:${zone}`,
    framing,
    dispatch: dispatchTo(filters, ({ config }) => jails.has(config.name)),
  }));
  return { streams, warnings };
}

function framingsOf({ sources }: PlannedJail): readonly Framing[] {
  // The options were validated by the plugin's own schema.
  return sources.map(({ plugin, options }) => plugin.framing?.(options as never) ?? {});
}
