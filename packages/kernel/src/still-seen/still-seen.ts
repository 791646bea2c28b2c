import {
  type CancelTimer,
  type Clock,
  type LedgerEntry,
  type Notice,
  printable,
  reasonOf,
  type StillSeenReport,
  type Target,
} from '@remand/api';
import { isoTime } from '../control/times.ts';
import { dropOldest } from '../detect/drop-oldest.ts';
import type { MachineView } from '../kernel-contract.ts';
import type { Hold } from '../ledger/ledger.ts';
import { stillSeenNotice } from '../notify/notices.ts';
import type { KernelParts } from '../parts.ts';
import { BlockingLists } from './blocking-lists.ts';
import { settleMs } from './fresh-enforcement.ts';
import { type LikelyReason, likelyReason } from './likely-reason.ts';
import { PeerIndex } from './peer-index.ts';

export interface StillSeenGiven {
  readonly clock: Clock;
  readonly machine: MachineView;
  /** It is itself one of the parts. */
  readonly partsLater: () => KernelParts;
}

/** One hold whose address goes on. */
interface Case {
  readonly jail: string;
  readonly target: Target;
  /** Of the hold: a later hold of the same address is another case. */
  readonly since: number;
  readonly firstAt: number;
  lastAt: number;
  times: number;
  /** Until it is told. */
  line: string | undefined;
  likely: LikelyReason | undefined;
}

/** The machine is looked at no more often; what is seen meanwhile is explained together. */
const lookEveryMs = 1_000;
/** What was not seen for so long is not shown any more. */
const shownForMs = 15 * 60_000;
const mostCases = 10_000;
const mostShown = 20;
/** Each is looked up in the ledger and told: a flood of them must not hold up the bans. */
const mostTold = 500;
/** Among so many newest entries of an address its notice is looked for after a restart. */
const entriesBack = 200;

/** Finds banned addresses that go on although they are blocked, and says why that may be. */
export class StillSeen {
  readonly lists: BlockingLists;
  readonly #given: StillSeenGiven;
  /** By jail and target; the oldest at the front. */
  readonly #cases = new Map<string, Case>();
  #untold: Case[] = [];
  #timer: CancelTimer | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isLooking = false;
  #isStopped = false;

  constructor(given: StillSeenGiven) {
    this.#given = given;
    this.lists = new BlockingLists(given.clock, given.partsLater);
  }

  /** A live line of an address that the jail's own hold covers. An attacker writes many of them. */
  seen(jail: string, target: Target, line: { evidence(): string }): void {
    const hold = this.#parts.holds.get(target, jail, jail);
    if (!hold || hold.observed) return;
    const now = this.#given.clock.now();
    const key = `${jail} ${target}`;
    const known = this.#cases.get(key);
    if (known?.since === hold.since) {
      known.lastAt = now;
      known.times++;
      return;
    }
    if (now - hold.since <= settleMs || !this.lists.haveSettled(hold)) return;
    const made: Case = {
      jail,
      target,
      since: hold.since,
      firstAt: now,
      lastAt: now,
      times: 1,
      line: line.evidence(),
      likely: undefined,
    };
    this.#cases.delete(key);
    this.#cases.set(key, made);
    if (this.#cases.size > mostCases) dropOldest(this.#cases, mostCases);
    if (this.#untold.length < mostCases) this.#untold.push(made);
    this.#arrange();
  }

  report(): StillSeenReport {
    const current = this.#current();
    current.sort((left, right) => right.case.lastAt - left.case.lastAt);
    const latest = current.slice(0, mostShown).map(({ case: one, hold, likely }) => ({
      address: one.target,
      holder: one.jail,
      lists: this.lists.of(hold),
      firstAt: isoTime(one.firstAt),
      lastAt: isoTime(one.lastAt),
      times: one.times,
      ...likely,
    }));
    return { addresses: current.length, latest };
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.();
    this.lists.stop();
  }

  get #parts(): KernelParts {
    return this.#given.partsLater();
  }

  #holdOf({ target, jail, since }: Case): Hold | undefined {
    const hold = this.#parts.holds.get(target, jail, jail);
    return hold?.since === since ? hold : undefined;
  }

  /** Explained, seen lately, and still held. */
  #current() {
    const now = this.#given.clock.now();
    return [...this.#cases.values()].flatMap((one) => {
      const { likely } = one;
      const hold = this.#holdOf(one);
      return likely && hold && now - one.lastAt < shownForMs ? [{ case: one, hold, likely }] : [];
    });
  }

  #arrange(): void {
    if (this.#timer || this.#isLooking || this.#isStopped) return;
    const { clock } = this.#given;
    const delayMs = Math.max(0, this.#lookedAt + lookEveryMs - clock.monotonic());
    this.#timer = clock.after(delayMs, () => {
      this.#timer = undefined;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    const { clock, machine } = this.#given;
    this.#isLooking = true;
    this.#lookedAt = clock.monotonic();
    try {
      const sockets = await machine.tcpSockets?.();
      if (!this.#isStopped) {
        this.#tell(this.#untold.splice(0, mostTold), sockets && new PeerIndex(sockets));
      }
    } catch (error) {
      this.#parts.logger.error('still-seen-failed', { reason: printable(reasonOf(error)) });
    } finally {
      this.#isLooking = false;
    }
    if (this.#untold.length > 0) this.#arrange();
  }

  #tell(cases: readonly Case[], peers: PeerIndex | undefined): void {
    const parts = this.#parts;
    const entries: LedgerEntry[] = [];
    const notices: Notice[] = [];
    const held = cases.flatMap((one) => {
      const hold = this.#holdOf(one);
      return hold ? [{ one, hold }] : [];
    });
    const seenOn = this.#perList([...this.#current(), ...held].map(({ hold }) => hold));
    for (const { one, hold } of held) {
      const lists = this.lists.sighted(hold);
      const likely = likelyReason({
        target: one.target,
        lists,
        connections: peers?.connectionsOf(one.target),
        listening: peers?.listening,
        others: Math.max(0, ...lists.map(({ list }) => (seenOn.get(list) ?? 0) - 1)),
      });
      one.likely = likely;
      const evidence = one.line === undefined ? [] : [one.line];
      one.line = undefined;
      if (this.#isTold(one)) continue;
      const { reason, hint } = likely;
      const entry = parts.newEntry({
        at: this.#given.clock.now(),
        kind: 'still-seen',
        holder: one.jail,
        address: one.target,
        details: { reason, evidence, list: lists.map(({ list }) => list).join(', ') },
      });
      entries.push(entry);
      notices.push(stillSeenNotice(parts, entry, { hint, until: hold.until }));
      parts.logger.warn('still-seen', { jail: one.jail, address: one.target, reason });
    }
    if (entries.length > 0) parts.decisions.apply({ entries, notices });
  }

  /** Before a restart, or before the case was forgotten. */
  #isTold({ target, jail, since }: Case): boolean {
    return this.#parts.ledger
      .entriesOf(target, entriesBack)
      .some(({ kind, holder, at }) => kind === 'still-seen' && holder === jail && at >= since);
  }

  #perList(holds: readonly Hold[]): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const list of holds.flatMap((hold) => this.lists.of(hold))) {
      counts.set(list, (counts.get(list) ?? 0) + 1);
    }
    return counts;
  }
}
