import type { JailConfig, KernelConfig } from '@remand/api';

/** People ask about an address that long, whatever is configured. */
const leastMs = 90 * 86_400_000;

/**
 * How long the ledger has to keep what no live hold needs: as far back as any rung looks, and as long
 * as a jail remembers a ban. What a rung used up, and until when it held an address, is older by its
 * ban at most.
 */
export function keepEntriesMs({
  escalation = [],
  jails,
  network,
}: Pick<KernelConfig, 'escalation' | 'jails' | 'network'>): number {
  return Math.max(
    leastMs,
    ...escalation.map((rung) => rung.withinMs + (rung.banTimeMs ?? 0)),
    network ? network.withinMs + (network.banTimeMs ?? 0) : 0,
    ...jails.map(rememberedMs),
    ...jails.map(({ knownMaxRetry }) => knownMaxRetry?.withinMs ?? 0),
  );
}

/** How far back the last ban of an address can be that makes the next one of a jail longer. */
export function rememberedMs({ banGrowth }: Pick<JailConfig, 'banGrowth'>): number {
  return banGrowth ? banGrowth.forgetAfterMs + banGrowth.maxMs : 0;
}
