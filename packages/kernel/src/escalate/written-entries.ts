import type { LedgerEntry, Target } from '@remand/api';
import type { KernelParts } from '../parts.ts';

/**
 * What the ledger has about an address, for decisions: also what waits for the disk, and nothing from
 * after now, which would push other things out of a window.
 * @param since in ms since the epoch
 */
export function writtenEntries(
  { ledger, writer, clock }: Pick<KernelParts, 'ledger' | 'writer' | 'clock'>,
  address: Target,
  since: number,
): readonly LedgerEntry[] {
  const written = ledger.recordEntries(address, since);
  const waiting = writer.behind ? writer.waiting.entries : [];
  const now = clock.now();
  return [...written, ...waiting.filter((one) => one.address === address)].filter(
    ({ at }) => at <= now,
  );
}
