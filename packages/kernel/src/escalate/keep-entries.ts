import type { KernelConfig } from '@remand/api';

/** People ask about an address that long, whatever is configured. */
const leastMs = 90 * 86_400_000;

/**
 * How long the ledger has to keep what no live hold needs: as far back as any rung looks. What a
 * rung used up, and until when it held an address, is older by its ban at most.
 */
export function keepEntriesMs({ escalation = [] }: Pick<KernelConfig, 'escalation'>): number {
  return Math.max(leastMs, ...escalation.map((rung) => rung.withinMs + (rung.banTimeMs ?? 0)));
}
