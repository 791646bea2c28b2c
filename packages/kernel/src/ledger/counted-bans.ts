import { type LedgerEntry, reservedHolders } from '@remand/api';
import { isLiveAt, later, viaOf } from './hold-rule.ts';

/** The same facts as of `NoticePastBan`. */
export interface BanFact {
  readonly holder: string;
  readonly at: number;
  readonly until: number | null;
}

/**
 * The bans of one address that count for rungs which enforce: those of `jailBans` that are enforced.
 * @param entries of one address, in the order in which they were applied
 */
export function countedBans(entries: Iterable<LedgerEntry>): readonly BanFact[] {
  return jailBans(entries)
    .filter(({ details }) => details?.observed !== true)
    .map(({ holder, at, until = null }) => ({ holder, at, until }));
}

/**
 * The bans of one address by jails that were not lifted as a mistake. A jail's ban is told from a
 * rung's by `details.offences`, which only a jail counts. An `unban --mistake` takes out every ban
 * that made or lengthened the hold which it lifts, or, when that had ended already, the last hold
 * before.
 * @param entries of one address, in the order in which they were applied
 */
export function jailBans(entries: Iterable<LedgerEntry>): readonly LedgerEntry[] {
  const bans = new Set<LedgerEntry>();
  const episodes = new Map<string, Episode>();
  for (const entry of entries) {
    if (entry.kind === 'ban') {
      if (isJailBan(entry)) bans.add(entry);
      joinEpisode(episodes, entry);
    } else if (entry.kind === 'extend') {
      const episode = episodes.get(keyOf(entry));
      if (episode) episode.until = entry.until ?? null;
    } else if (entry.kind === 'expire' || entry.kind === 'unban') {
      for (const episode of endedBy(episodes, entry)) {
        if (entry.details?.mistake === true) for (const ban of episode.bans) bans.delete(ban);
        episode.ended = true;
      }
    }
  }
  return [...bans];
}

export function isJailBan({ kind, holder, details }: LedgerEntry): boolean {
  return (
    kind === 'ban' &&
    details?.offences !== undefined &&
    details.mistake !== true &&
    !reservedHolders.includes(holder)
  );
}

/** The bans that one hold came from. */
interface Episode {
  readonly holder: string;
  readonly via: string;
  readonly bans: LedgerEntry[];
  until: number | null;
  ended: boolean;
}

function joinEpisode(episodes: Map<string, Episode>, ban: LedgerEntry): void {
  const until = ban.until ?? null;
  const episode = episodes.get(keyOf(ban));
  if (episode && !episode.ended && isLiveAt(episode, ban.at)) {
    episode.bans.push(ban);
    episode.until = later(episode.until, until);
    return;
  }
  const { holder } = ban;
  episodes.set(keyOf(ban), { holder, via: viaOf(ban), bans: [ban], until, ended: false });
}

function endedBy(episodes: Map<string, Episode>, entry: LedgerEntry): readonly Episode[] {
  return [...episodes.values()].filter(
    ({ holder, via }) => holder === entry.holder && via === (entry.details?.via ?? via),
  );
}

function keyOf(entry: LedgerEntry): string {
  return `${entry.holder}\n${viaOf(entry)}`;
}
