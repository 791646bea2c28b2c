import type { Clock, KernelConfig, LedgerEntry, Target } from '@remand/api';
import { type DecidingParts, type Decision, decideBan } from '../decide-ban.ts';
import { silentLogger } from '../defaults.ts';
import type { JailState } from '../detect/jail-state.ts';
import type { BanProposal } from '../detect/round.ts';
import { Escalation } from '../escalate/escalation.ts';
import { KnownOffenders } from '../escalate/known-offenders.ts';
import { NetworkEscalation } from '../escalate/network-escalation.ts';
import { rangeHoldFor } from '../escalate/stands-in.ts';
import { Fuse } from '../fuse.ts';
import type { Generation } from '../generation.ts';
import type { Holds } from '../holds/holds.ts';
import { newEntryId } from '../ledger/entry-id.ts';
import { holdAfter, viaOf } from '../ledger/hold-rule.ts';
import type { Hold, Ledger } from '../ledger/ledger.ts';
import { LedgerWriter } from '../ledger/ledger-writer.ts';
import type { NeverBanSet } from '../never-ban/never-ban-set.ts';
import { listsByHolder } from '../plugins/plan.ts';
import { Routes } from '../routes.ts';

export interface DeciderGiven {
  readonly config: KernelConfig;
  readonly built: Generation;
  readonly clock: Clock;
  readonly neverBan: NeverBanSet;
  readonly holds: Holds;
  /** A copy: nothing is written to it. */
  readonly ledger: Ledger;
}

/** Decides bans and what they bring about as a kernel does, and keeps it in memory only. */
export class Decider {
  readonly #given: DeciderGiven;
  readonly #parts: DecidingParts;
  readonly #routes: Routes;
  readonly #made = new Map<Target, LedgerEntry[]>();

  constructor(given: DeciderGiven) {
    const { config, built, clock, holds, ledger, neverBan } = given;
    const fuse = new Fuse(config.fuse);
    const newEntry = (entry: Omit<LedgerEntry, 'id' | 'host'>) => ({
      id: newEntryId(clock),
      host: ledger.hostId,
      ...entry,
    });
    const parts = {
      ...{ clock, fuse, ledger, neverBan, newEntry },
      generation: built,
      logger: silentLogger,
      writer: new LedgerWriter(ledger, clock, silentLogger),
      decisions: { onEntries: () => () => undefined },
    };
    this.#given = given;
    this.#parts = {
      ...{ clock, fuse, newEntry },
      escalation: new Escalation(parts),
      network: new NetworkEscalation(parts),
      known: new KnownOffenders(parts),
    };
    this.#routes = new Routes({
      holds,
      places: {
        listsOfHolder: listsByHolder(built.plan),
        adminLists: built.plan.adminLists,
        lists: new Set(built.lists.map(({ key }) => key)),
      },
      forbids: () => false,
    });
  }

  observes({ config }: JailState): boolean {
    return config.observe || this.#given.config.observe;
  }

  maxRetryOf(jail: JailState, target: Target, at: number): number {
    return this.#parts.known.maxRetry(jail.config, target, { at, observed: this.observes(jail) });
  }

  /** The jail's own hold of an address, or that of a range which stands in for it. */
  holdOf(jail: JailState, target: Target): Hold | undefined {
    const { holds, clock, built } = this.#given;
    const { name } = jail.config;
    const own = holds.get(target, name, name);
    if (own) return own;
    const specOf = (list: string) => built.lists.find(({ key }) => key === list);
    return rangeHoldFor(
      { holds, routes: this.#routes, enforcer: { specOf } },
      { name, observed: this.observes(jail) },
      target,
      clock.now(),
    );
  }

  listsOf(hold: Pick<Hold, 'via' | 'observed'>): readonly string[] {
    return this.#routes.listsOf(hold);
  }

  /** The lists of the hold that a ban of a rung or a range makes. */
  listsOfBan(entry: LedgerEntry): readonly string[] {
    return this.listsOf({ via: viaOf(entry), observed: entry.details?.observed === true });
  }

  decide(proposal: BanProposal): Decision {
    const { holds } = this.#given;
    const { jail, target } = proposal;
    const earlier = this.#made.get(target) ?? [];
    const decided = decideBan(this.#parts, proposal, { observed: this.observes(jail), earlier });
    const { ban, followed, ranges } = decided;
    this.#made.set(target, [...earlier, ban, ...followed]);
    for (const entry of [ban, ...followed, ...ranges]) {
      if (entry.kind !== 'ban') continue;
      const hold = holdAfter(holds.get(entry.address, entry.holder, viaOf(entry)), entry);
      if (hold) holds.set(hold);
    }
    return decided;
  }
}
