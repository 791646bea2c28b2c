import type { Ban } from './ban.ts';
import { countedByRung, countedInRange } from './recount.ts';
import type { JailRule, ListRule, NetworkRule, Rules } from './rules.ts';
import { covered, isInside, networkOf, neverBan, overlap, rangesAround } from './world-map.ts';

/** What the ledger should say about a target, in order. */
export interface Decision {
  readonly target: string;
  readonly kind: 'ban' | 'extend' | 'unban' | 'allow' | 'escalate';
  readonly holder: string;
  readonly at: number;
  readonly until?: number;
  readonly observed?: boolean;
  readonly ended?: boolean;
  readonly mistake?: boolean;
  readonly counted?: number;
}

export interface FuseNow {
  tripped: boolean;
  recent: number;
}

interface Offence {
  readonly jail: string;
  readonly target: string;
  readonly at: number;
  usedUp: boolean;
}

interface Allow {
  readonly target: string;
  readonly until: number;
}

/**
 * The model: everything that happened, in lists, and what follows from it by the plainest rule there
 * is. It shares no code with what it judges.
 */
export class Book {
  readonly rules: Rules;
  readonly bans: Ban[] = [];
  readonly decisions: Decision[] = [];
  readonly #offences: Offence[] = [];
  #allows: Allow[] = [];

  constructor(rules: Rules) {
    this.rules = rules;
  }

  /** A line that is read at `now` and counts at `at`. */
  line(program: string, address: string, { at, now, fuse }: LineGiven): void {
    if (this.#protected(now).some((entry) => covered(entry).includes(address))) return;
    const target = this.#nameOf(address, now);
    for (const jail of this.rules.jails.filter((one) => one.program === program)) {
      if (this.#isHeldBy(jail, target, at)) continue;
      this.#offences.push({ jail: jail.name, target, at, usedUp: false });
      const counted = this.#offences.filter(
        (one) =>
          one.jail === jail.name &&
          one.target === target &&
          !one.usedUp &&
          at - one.at < jail.findMs,
      );
      if (counted.length < this.#triesOf(jail, target, at)) continue;
      for (const one of this.#offences) {
        if (one.jail === jail.name && one.target === target) one.usedUp = true;
      }
      this.#decide(jail, target, { at, now, fuse });
    }
  }

  /** @returns undefined when it has to be refused */
  ban(typed: string, jail: string | undefined, forMs: number | undefined, now: number) {
    const target = this.typed(typed, now);
    if (this.isForbidden(target, now)) return undefined;
    const rule = this.rules.jails.find(({ name }) => name === jail);
    const until = now + (forMs ?? rule?.banMs ?? this.rules.adminBanMs);
    const via = jail ?? '';
    const before = this.#same(target, 'admin', via, now);
    const made: Ban = {
      ...{ by: 'admin', holder: 'admin', via, target, at: now, until },
      ...{ observed: false, ended: false, counted: [] },
    };
    this.#enter(made);
    const kind = before ? 'extend' : 'ban';
    this.decisions.push({ target, kind, holder: 'admin', at: now, until });
    return made;
  }

  unban(target: string, which: (ban: Ban) => boolean, mistake: boolean, now: number): void {
    for (const hold of this.holds(now).filter((one) => one.target === target && which(one))) {
      this.#lift(hold, now, mistake);
    }
  }

  allow(target: string, forMs: number, now: number): void {
    const until = now + forMs;
    this.#allows = [...this.#allows.filter((one) => one.target !== target), { target, until }];
    this.decisions.push({ target, kind: 'allow', holder: 'admin', at: now, until });
    for (const hold of this.holds(now)) {
      if (overlap(hold.target, target)) this.#lift(hold, now, false);
    }
  }

  /** Everybody who holds something at a time. */
  holds(now: number): readonly Ban[] {
    return this.bans.filter(
      (ban) =>
        !ban.ended &&
        !ban.refused &&
        ban.replaced === undefined &&
        ban.lifted === undefined &&
        now < ban.until,
    );
  }

  /** The lists that a ban is on. */
  listsOf(ban: Ban): readonly string[] {
    if (ban.observed) return [];
    if (ban.via === '') return this.rules.adminLists;
    const { jails, rungs, network } = this.rules;
    if (ban.via === 'network') return network?.lists ?? [];
    return [...jails, ...rungs].find(({ name }) => name === ban.via)?.lists ?? [];
  }

  /** What a list should hold: each target with the latest end of all that hold it there. */
  wanted(list: ListRule, now: number): ReadonlyMap<string, number> {
    const ends = new Map<string, number>();
    for (const hold of this.holds(now)) {
      const { target, until } = hold;
      const isThere = this.listsOf(hold).includes(list.key);
      if (!isThere || !canHold(list, target) || this.isForbidden(target, now)) continue;
      ends.set(target, Math.max(until, ends.get(target) ?? 0));
    }
    return ends;
  }

  /** When something ends. */
  ends(): readonly number[] {
    return [...this.bans, ...this.#allows].map(({ until }) => until).filter(Number.isFinite);
  }

  /** What a person means by an address or a range. */
  typed(text: string, now: number): string {
    const isOne = text.endsWith('/128') || !text.includes('/');
    if (!isOne) return text;
    const address = text.replace('/128', '');
    const isHeld = this.holds(now).some(({ target }) => target === address);
    return isHeld || text.endsWith('/128') ? address : this.#nameOf(address, now);
  }

  isForbidden(target: string, now: number): boolean {
    return this.#protected(now).some((entry) => overlap(entry, target));
  }

  #protected(now: number): readonly string[] {
    const allowed = this.#allows.filter(({ until }) => now < until);
    return [...neverBan, ...allowed.map(({ target }) => target)];
  }

  /** IPv6 goes by its /64, if nobody in there is protected. */
  #nameOf(address: string, now: number): string {
    const network = networkOf(address);
    return network === undefined || this.isForbidden(network, now) ? address : network;
  }

  #isHeldBy(jail: JailRule, target: string, at: number): boolean {
    const isHeld = ({ at: since, until, lifted = until, replaced = until }: Ban) =>
      since <= at && at < Math.min(until, lifted, replaced);
    return this.bans.some((ban) => {
      if (ban.refused || !isHeld(ban)) return false;
      if (ban.by === 'jail') return ban.holder === jail.name && ban.target === target;
      return isInside(target, ban.target) && this.#standsIn(ban, jail);
    });
  }

  /** Whether the hold of a range blocks as well as a ban by the jail would. */
  #standsIn(hold: Ban, jail: JailRule): boolean {
    if (jail.observe) return true;
    if (hold.observed) return false;
    const lists = this.rules.lists.filter(({ key }) => this.listsOf(hold).includes(key));
    const holding = lists.filter((list) => canHold(list, hold.target)).map(({ key }) => key);
    const isTotal = holding.length > 0 && this.rules.areTotal === true;
    return isTotal || jail.lists.every((key) => holding.includes(key));
  }

  /** Who was banned lately may have fewer tries. */
  #triesOf({ maxRetry, known, observe }: JailRule, target: string, at: number): number {
    const isKnown = this.bans.some(
      (ban) =>
        ban.by === 'jail' &&
        ban.target === target &&
        !ban.mistaken &&
        (observe || !ban.observed) &&
        at - ban.at < (known?.withinMs ?? 0),
    );
    return isKnown ? Math.min(maxRetry, known?.maxRetry ?? maxRetry) : maxRetry;
  }

  #decide(jail: JailRule, target: string, { at, now, fuse }: LineGiven): void {
    const number = this.#numberOf(jail, target, at);
    const { factor = 1, maxMs = jail.banMs } = jail.growth ?? {};
    const until = at + Math.min(maxMs, jail.banMs * factor ** (number - 1));
    const { name, observe: observed } = jail;
    const ended = until <= now;
    const ban: Ban = {
      ...{ by: 'jail', holder: name, via: name, target, at, until, observed, ended },
      ...{ counted: [], number },
    };
    this.#enter(ban);
    this.decisions.push({ target, kind: 'ban', holder: name, at, until, observed, ended });
    if (!observed && !ended) {
      fuse.recent++;
      if (fuse.recent > this.rules.fuseBans) fuse.tripped = true;
    }
    if (fuse.tripped) return;
    this.#escalate(ban, now);
    if (this.rules.network) this.#escalateToRanges(this.rules.network, ban, now);
  }

  #numberOf({ name, growth }: JailRule, target: string, at: number): number {
    const last = this.bans.findLast(
      (ban) => ban.by === 'jail' && ban.holder === name && ban.target === target && !ban.mistaken,
    );
    return growth && last && at - last.until < growth.forgetMs ? (last.number ?? 1) + 1 : 1;
  }

  #escalate(ban: Ban, now: number): void {
    const made: Ban[] = [];
    for (const rung of this.rules.rungs) {
      const trigger = rung.of === undefined ? ban : made.find(({ holder }) => holder === rung.of);
      if (!trigger) continue;
      // What enforces is decided from what was enforced alone, what observes from everything.
      for (const observed of trigger.observed ? [true] : [false, true]) {
        const counted = countedByRung(this.bans, rung, { target: trigger.target, observed });
        if (counted.length < rung.after || !counted.includes(trigger)) continue;
        const at = Math.max(...counted.map((one) => one.at));
        const until = at + rung.banMs;
        const via = rung.lists ? rung.name : ban.via;
        const { target } = ban;
        const escalation: Ban = {
          ...{ by: 'rung', holder: rung.name, via, target, at, until, observed },
          ...{ ended: until <= now, counted },
        };
        this.#enter(escalation);
        made.push(escalation);
        const about = { target, holder: rung.name, at, until, observed, ended: until <= now };
        this.decisions.push({ ...about, kind: 'escalate', counted: counted.length });
        this.decisions.push({ ...about, kind: 'ban' });
        break;
      }
    }
  }

  #escalateToRanges(network: NetworkRule, ban: Ban, now: number): void {
    let trigger = ban;
    for (const range of rangesAround(ban.target, network.widths)) {
      for (const observed of trigger.observed ? [true] : [false, true]) {
        const counted = countedInRange(this.bans, network, { range, observed });
        if (counted.length < network.after || !counted.includes(trigger)) continue;
        const at = Math.max(...counted.map((one) => one.at));
        const about = { target: range, holder: 'network', at, observed };
        const refused = this.isForbidden(range, now);
        // It is tried again when nothing of what was counted counts any more.
        const until = at + (refused ? network.withinMs : network.banMs);
        const ended = !refused && until <= now;
        const via = network.lists ? 'network' : ban.holder;
        const escalation: Ban = { ...about, by: 'network', via, until, ended, counted, refused };
        this.#enter(escalation);
        const decision = { ...about, until, ended };
        this.decisions.push({ ...decision, kind: 'escalate', counted: counted.length });
        if (refused) return;
        this.decisions.push({ ...decision, kind: 'ban' });
        trigger = escalation;
        break;
      }
    }
  }

  #enter(ban: Ban): void {
    const before = this.#same(ban.target, ban.holder, ban.via, ban.at);
    if (before && !ban.ended) before.replaced = ban.at;
    this.bans.push(ban);
  }

  #same(target: string, holder: string, via: string, now: number): Ban | undefined {
    return this.holds(now).find(
      (one) => one.target === target && one.holder === holder && one.via === via,
    );
  }

  #lift(hold: Ban, now: number, mistake: boolean): void {
    const { target, holder, via, observed } = hold;
    // What it took the place of is lifted with it.
    for (const one of this.bans) {
      const isSame = one.target === target && one.holder === holder && one.via === via;
      if (isSame && now < one.until) one.lifted ??= now;
    }
    if (mistake) hold.mistaken = true;
    this.decisions.push({ target, kind: 'unban', holder, at: now, observed, mistake });
  }
}

function canHold({ families, ranges }: ListRule, target: string): boolean {
  return families.includes(target.includes(':') ? 6 : 4) && (ranges || !target.includes('/'));
}

export interface LineGiven {
  readonly at: number;
  readonly now: number;
  /** Whether the fuse has tripped and how many bans it has counted; both go on here. */
  readonly fuse: FuseNow;
}
