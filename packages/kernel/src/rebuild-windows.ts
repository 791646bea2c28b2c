import type { KernelParts } from './parts.ts';

/**
 * Counts the stored offences again after a start. Those that a ban has used up do not count: the
 * counter began at nothing after it. A backlog may hold lines from the time of a hold that is over. The answers of the windows are no decisions here.
 */
export function rebuildWindows({
  jails,
  ledger,
  clock,
}: Pick<KernelParts, 'jails' | 'ledger' | 'clock'>): void {
  const now = clock.now();
  const byName = new Map(jails.map((jail) => [jail.config.name, jail]));
  const longest = Math.max(0, ...jails.map(({ config }) => config.findTimeMs));
  const longestBan = Math.max(0, ...jails.map(({ config }) => config.banTimeMs ?? 0));
  const usedUpAt = new Map<string, number>();
  for (const { holder, address, at, until } of ledger.bansSince(now - 2 * longest - longestBan)) {
    usedUpAt.set(`${holder} ${address}`, at);
    // One that was lifted early is neither live nor over by its time: its lines count.
    if (until !== null && until <= now) byName.get(holder)?.pastHolds.add(address, until);
  }
  for (const offence of ledger.offencesSince(now - longest)) {
    if (offence.at > now) continue;
    const usedUp = usedUpAt.get(`${offence.jail} ${offence.address}`);
    if (usedUp === undefined || offence.at > usedUp) byName.get(offence.jail)?.window.add(offence);
  }
}
