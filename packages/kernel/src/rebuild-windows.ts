import type { KernelParts } from './parts.ts';

/**
 * Counts the stored offences again after a start. Those that a ban has used up do not count: the
 * counter began at nothing after it. The answers of the windows are no decisions here.
 */
export function rebuildWindows({ jails, ledger, clock }: KernelParts): void {
  const now = clock.now();
  const byName = new Map(jails.map((jail) => [jail.config.name, jail]));
  const longest = Math.max(0, ...jails.map(({ config }) => config.findTimeMs));
  const usedUpAt = new Map<string, number>();
  for (const { holder, address, at } of ledger.bansSince(now - 2 * longest)) {
    usedUpAt.set(`${holder} ${address}`, at);
  }
  for (const offence of ledger.offencesSince(now - longest)) {
    const usedUp = usedUpAt.get(`${offence.jail} ${offence.address}`);
    if (usedUp === undefined || offence.at > usedUp) byName.get(offence.jail)?.window.add(offence);
  }
}
