import type { Framing } from '@remand/api';
import type { PlannedJail } from '../plugins/plan.ts';

/** The ways in which lines reach jails, each with the names of its jails. */
export function framingsOf(
  jails: readonly PlannedJail[],
): readonly { readonly framing: Framing; readonly jails: ReadonlySet<string> }[] {
  const found = new Map<string, { readonly framing: Framing; readonly jails: Set<string> }>();
  for (const { config, sources } of jails) {
    for (const { plugin, options } of sources) {
      const { header = 'auto', timeZone } = plugin.framing?.(options) ?? {};
      const key = `${header} ${timeZone ?? ''}`;
      const known = found.get(key) ?? { framing: { header, timeZone }, jails: new Set() };
      known.jails.add(config.name);
      found.set(key, known);
    }
  }
  return [...found.values()];
}
