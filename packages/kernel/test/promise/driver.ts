import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '@remand/api';
import { LogFeed } from '@remand/testkit';
import { expect } from 'vitest';
import { decisionsOf, decisionsShown, expectSame, holdsOf, holdsShown } from './answers.ts';
import { type Ban, Book } from './book.ts';
import { Daemon } from './daemon.ts';
import { Faults } from './faulty-action.ts';
import { Foreign } from './foreign.ts';
import type { Machine } from './machine.ts';
import type { ListRule, Rules } from './rules.ts';
import type { Lines, Step } from './steps.ts';
import { allTargets } from './world-map.ts';

/** What others change in a list that is watched is seen by then, with some time to spare. */
const seenWithinMs = 8_000;
/** The daemon looks for what has ended once a second. */
const tickMs = 1_000;
/** A list that counts down so much counts down every hold that is not for ever. */
const countsAllMs = 86_400_000;

/** Plays steps against a whole kernel and holds it to what the model says. */
export class Driver {
  readonly #rules: Rules;
  readonly #machine: Machine;
  readonly #book: Book;
  readonly #feed = new LogFeed();
  readonly #home = mkdtempSync(join(tmpdir(), 'remand-promise-'));
  readonly #faults = new Map<string, Faults>();
  readonly #foreign = new Foreign();
  readonly #paused = new Set<string>();
  /** How often a list had been read when somebody changed it. */
  readonly #disturbed = new Map<string, number>();
  #daemon: Daemon | undefined;

  constructor(rules: Rules, machine: Machine) {
    this.#rules = rules;
    this.#machine = machine;
    this.#book = new Book(rules);
    for (const { key } of rules.lists) this.#faults.set(key, new Faults());
  }

  /** @param onStep called after each step that kept the promise */
  async play(steps: readonly Step[], onStep: () => void = () => undefined): Promise<Book> {
    try {
      this.#daemon = await Daemon.start({
        ...{ rules: this.#rules, machine: this.#machine, feed: this.#feed, home: this.#home },
        faultsOf: (list) => this.#faultsOf(list),
      });
      await this.#settle();
      for (const step of steps) {
        await this.#do(step);
        await this.#settle();
        onStep();
      }
      this.#heal();
      await this.#settle();
      return this.#book;
    } finally {
      await this.#daemon?.stop();
      rmSync(this.#home, { recursive: true, force: true });
    }
  }

  async #do(step: Step): Promise<void> {
    const { control } = this.#running;
    const now = this.#now;
    // A shrunk configuration may lack what a step is about.
    if ('list' in step && step.list !== undefined && !this.#faults.has(step.list)) return;
    switch (step.do) {
      case 'lines':
        return await this.#lines(step);
      case 'ban': {
        const forMs = step.forMs === undefined ? {} : { forMs: finite(step.forMs) };
        const jail = step.jail === undefined ? {} : { jail: step.jail };
        const made = this.#book.ban(step.what, step.jail, step.forMs, now);
        const answer = await attempt(control.ban({ address: step.what, ...jail, ...forMs }));
        expect(answer?.address, `the ban of ${step.what}`).toBe(made?.target);
        return;
      }
      case 'unban':
        return await this.#unban(step);
      case 'allow':
        this.#book.allow(step.what, step.forMs, now);
        await control.allow({ address: step.what, forMs: finite(step.forMs) });
        return;
      case 'pass':
        return await this.#machine.pass(step.ms);
      case 'passToEnd': {
        const next = Math.min(...this.#book.holds(now).map(({ until }) => until));
        if (!Number.isFinite(next) || next - now <= 1) return;
        await this.#machine.pass(next - now - 1);
        await this.#expectNotEarly();
        await this.#machine.pass(2);
        return await this.#expectNotEarly();
      }
      case 'crash':
        if (step.when === 'now') this.#running.kill();
        else this.#faultsOf(step.list ?? '').killAt = step.when;
        return;
      case 'restart':
        return await this.#restart(step);
      case 'wipe':
        this.#foreign.forgetAll(step.list);
        this.#disturb(step.list);
        return await this.#machine.wipe(step.list, step);
      case 'takeOut': {
        const there = [...(await this.#machine.contents(step.list))].sort();
        const target = there[step.nth % there.length];
        if (target === undefined) return;
        this.#foreign.forget(step.list, target);
        this.#disturb(step.list);
        return await this.#machine.takeOut(step.list, target);
      }
      case 'putIn':
        return await this.#putIn(step);
      case 'fail':
        this.#faultsOf(step.list).failing = { how: step.how, times: step.times };
        return;
      case 'away':
        this.#faultsOf(step.list).isUnavailable = step.on;
        return;
      case 'refuse':
        if (step.on) this.#faultsOf(step.list).refused.add(step.what);
        else this.#faultsOf(step.list).refused.delete(step.what);
        return;
      case 'flush': {
        const { lists } = await control.flush({ list: step.list });
        if (lists[0]?.removed) this.#paused.add(step.list);
        return;
      }
      case 'reload':
        this.#unpause();
        await this.#running.reload();
    }
  }

  async #lines(lines: Lines): Promise<void> {
    const { fuse } = await this.#running.control.status({});
    const at = this.#now;
    const given = { at, now: at, fuse: { ...fuse } };
    for (let n = 0; n < lines.times; n++) this.#book.line(lines.program, lines.address, given);
    await this.#feed.push(textOf(lines, at));
  }

  async #unban({ nth, which, mistake }: Step & { readonly do: 'unban' }): Promise<void> {
    const now = this.#now;
    const holds = this.#book.holds(now);
    const chosen = holds[nth % holds.length];
    if (!chosen) return;
    const { target, holder } = chosen;
    const holders = new Set(holds.filter((one) => one.target === target).map((one) => one.holder));
    const isLifted = (ban: Ban) =>
      which === 'holder' ? ban.holder === holder : which === 'all' || holders.size === 1;
    this.#book.unban(target, isLifted, mistake, now);
    const more = which === 'holder' ? { holder } : { all: which === 'all' };
    await this.#running.control.unban({ address: typedExactly(target), mistake, ...more });
  }

  async #restart({ downMs, lines, wiped }: Step & { readonly do: 'restart' }): Promise<void> {
    await this.#running.stop();
    const written: { readonly lines: Lines; readonly at: number }[] = [];
    for (const one of lines) {
      await this.#machine.pass(Math.ceil(downMs / lines.length));
      while (this.#isNearEnd()) await this.#machine.pass(this.#machine.grainMs);
      const at = this.#now;
      this.#feed.append(textOf(one, at));
      written.push({ lines: one, at });
      await this.#machine.pass(1);
    }
    if (lines.length === 0) await this.#machine.pass(downMs);
    await this.#compareWhileDown();
    if (wiped !== undefined && this.#faults.has(wiped)) {
      this.#foreign.forgetAll(wiped);
      await this.#machine.wipe(wiped, { container: true });
    }
    const fuse = { tripped: false, recent: 0 };
    for (const one of written) {
      const given = { at: one.at, now: this.#now, fuse };
      for (let n = 0; n < one.lines.times; n++) {
        this.#book.line(one.lines.program, one.lines.address, given);
      }
    }
    await this.#startNext((list) => this.#paused.has(list));
  }

  /** Whatever is held is blocked, as far as it was possible when everything was settled last. */
  async #expectNotEarly(): Promise<void> {
    for (const list of this.#rules.lists) {
      const { refused, isUnavailable, failing } = this.#faultsOf(list.key);
      const isFree = isUnavailable || this.#paused.has(list.key) || failing !== undefined;
      if (isFree || list.maxEntries !== undefined) continue;
      const there = await this.#machine.contents(list.key);
      const early = [...this.#book.wanted(list, this.#now).keys()].filter(
        (target) => !there.has(target) && !refused.has(target),
      );
      expect(early, `ended early on ${list.key} at ${this.#now}`).toEqual([]);
    }
  }

  /** What the firewall can count down ends by itself. */
  async #compareWhileDown(): Promise<void> {
    const now = this.#now;
    await this.#expectNotEarly();
    for (const list of this.#rules.lists) {
      const { refused, isUnavailable } = this.#faultsOf(list.key);
      if (isUnavailable || this.#paused.has(list.key)) continue;
      if (list.maxTimeoutMs < countsAllMs) continue;
      const there = await this.#machine.contents(list.key);
      const ending = this.#book.wanted(list, now - tickMs - 1);
      const extra = [...there].filter(
        (one) => !ending.has(one) && !refused.has(one) && !this.#foreign.mayBe(list.key, one),
      );
      expect(extra, `${list.key} while down`).toEqual([]);
    }
  }

  /** @param isOpen whether it is open whose the entries of a list are that others entered */
  async #startNext(isOpen: (list: string) => boolean): Promise<void> {
    this.#foreign.doubt((list, target) => isOpen(list) && this.#isHeld(list, target));
    this.#unpause();
    this.#daemon = await this.#running.next();
  }

  #unpause(): void {
    for (const list of this.#paused) {
      this.#disturb(list);
      if (this.#listRule(list).ownership === 'own') this.#foreign.forgetAll(list);
    }
    this.#paused.clear();
  }

  #isHeld(list: string, target: string): boolean {
    return this.#book.wanted(this.#listRule(list), this.#now).has(target);
  }

  async #putIn({ list, what, forMs }: Step & { readonly do: 'putIn' }): Promise<void> {
    const rule = this.#listRule(list);
    const isThere = (await this.#machine.contents(list)).has(what);
    const isPossible =
      rule.families.includes(what.includes(':') ? 6 : 4) && (rule.ranges || !what.includes('/'));
    if (!isPossible) return;
    const endsAt = this.#now + (forMs > rule.maxTimeoutMs ? Number.POSITIVE_INFINITY : forMs);
    const isHeld = this.#isHeld(list, what);
    // In a list that is ours nothing of others stays, but as long as it is paused.
    const isOurs = rule.ownership === 'own' || (isHeld && isThere);
    if (this.#paused.has(list) || !isOurs) {
      // What was recorded and could not be entered looks like ours after a restart.
      const isOpen = isHeld || isThere || this.#faultsOf(list).isUnavailable;
      if (isOpen) this.#foreign.prolong(list, what, endsAt);
      else this.#foreign.add(list, what, endsAt);
    }
    this.#disturb(list);
    await this.#machine.putIn(list, what, forMs);
    // Whose it is can only be said of an entry that was seen.
    const isSeen = () => this.#faultsOf(list).readings > (this.#disturbed.get(list) ?? -1);
    const most = this.#machine.isUnread && rule.ownership === 'shared' ? seenWithinMs : 0;
    for (let ms = 0; ms < most && !isSeen(); ms += this.#machine.grainMs) {
      await this.#machine.pass(this.#machine.grainMs);
    }
  }

  #heal(): void {
    for (const faults of this.#faults.values()) {
      faults.isUnavailable = false;
      faults.killAt = undefined;
      faults.refused.clear();
    }
  }

  /** Until nothing is pending, then everything has to be as the model says. */
  async #settle(): Promise<void> {
    const { grainMs, patienceMs } = this.#machine;
    for (let waitedMs = 0; ; waitedMs += grainMs) {
      await this.#machine.pass(grainMs);
      if (!this.#running.isAlive) {
        await this.#startNext(() => true);
        continue;
      }
      if ((await this.#isSettled()) && (await this.#isTimely())) break;
      if (waitedMs < patienceMs) continue;
      const { lists } = await this.#running.control.status({});
      await this.#compareLists();
      throw new Error(`it does not settle: ${JSON.stringify(lists, undefined, 1)}`);
    }
    if (this.#machine.toleranceMs === 0) await this.#compareLists();
    await this.#compareHolds();
    await this.#compareDecisions();
  }

  /** On a real clock something may have ended while the lists were looked at. */
  async #isTimely(): Promise<boolean> {
    if (this.#machine.toleranceMs === 0) return true;
    for (const list of this.#rules.lists) {
      if (!this.#faultsOf(list.key).isUnavailable && (await this.#faultOf(list))) return false;
    }
    return true;
  }

  /** Whether something ends about now, so that it is open whether it has. */
  #isNearEnd(): boolean {
    const { toleranceMs } = this.#machine;
    return this.#book.ends().some((end) => Math.abs(end - this.#now) < toleranceMs);
  }

  async #isSettled(): Promise<boolean> {
    this.#foreign.doubt((list, target) => {
      return this.#faultsOf(list).isUnavailable && this.#isHeld(list, target);
    });
    const now = this.#now;
    const { toleranceMs } = this.#machine;
    const isEnding = (end: number) => end <= now + toleranceMs && now - end <= tickMs + toleranceMs;
    if (this.#book.ends().some(isEnding)) return false;
    if (this.#foreign.ends().some(isEnding)) return false;
    const { lists } = await this.#running.control.status({});
    for (const { list, pending, state, paused } of lists) {
      const { readings, isUnavailable } = this.#faultsOf(list);
      if (isUnavailable) continue;
      if (paused !== this.#paused.has(list)) return false;
      if (paused) continue;
      if (pending > 0) return false;
      const isSeen = readings > (this.#disturbed.get(list) ?? -1);
      const isWell = isSeen && state === 'ok';
      if (!isSeen && !this.#machine.isUnread) return false;
      if (!isWell && (await this.#faultOf(this.#listRule(list))) !== undefined) return false;
    }
    return true;
  }

  async #compareLists(): Promise<void> {
    for (const list of this.#rules.lists) {
      if (this.#faultsOf(list.key).isUnavailable) continue;
      expect(await this.#faultOf(list), `list ${list.key} at ${this.#now}`).toBeUndefined();
    }
  }

  /** What is wrong with a list. */
  async #faultOf(list: ListRule): Promise<string | undefined> {
    const now = this.#now;
    const there = await this.#machine.contents(list.key);
    const { refused } = this.#faultsOf(list.key);
    const wanted = this.#paused.has(list.key) ? new Map() : this.#book.wanted(list, now);
    this.#foreign.update(list.key, { now, there, wanted: this.#book.wanted(list, now) });
    const missing = [...wanted.keys()].filter((target) => !there.has(target));
    const extra = [...there].filter(
      (target) => !wanted.has(target) && !this.#foreign.mayBe(list.key, target),
    );
    const taken = this.#foreign.surely(list.key).filter((target) => !there.has(target));
    const says = (what: string, targets: readonly string[]) =>
      targets.length > 0 ? [`${what} ${targets.join(' ')}`] : [];
    const room = (list.maxEntries ?? Number.POSITIVE_INFINITY) - there.size;
    const missed = missing.filter((target) => !refused.has(target));
    const wrong = [
      ...says('not blocked:', room > 0 ? missed : []),
      ...says('still blocked:', extra),
      ...says("somebody else's was removed:", taken),
    ];
    return wrong.length > 0 ? wrong.join('; ') : undefined;
  }

  async #compareHolds(): Promise<void> {
    const { toleranceMs } = this.#machine;
    const bans = await this.#running.control.bans({});
    const held = holdsOf(this.#book.holds(this.#now), (ban) => this.#book.listsOf(ban));
    expectSame(holdsShown(bans), held, { what: 'the holds', toleranceMs });
    for (const { address, holds } of bans) {
      for (const { list, enforced } of holds.flatMap(({ lists }) => lists)) {
        // What happens to a list that is away cannot be seen.
        if (!enforced || this.#faultsOf(list).isUnavailable) continue;
        const isIn = (await this.#machine.contents(list)).has(address);
        expect(isIn, `${address} is shown as enforced on ${list}`).toBe(true);
      }
    }
  }

  async #compareDecisions(): Promise<void> {
    const { toleranceMs } = this.#machine;
    for (const target of allTargets) {
      const { events } = await this.#running.control.why({ address: typedExactly(target) });
      const decided = decisionsOf(this.#book.decisions, target);
      expectSame(decisionsShown(events), decided, { what: `about ${target}`, toleranceMs });
    }
  }

  #disturb(list: string): void {
    this.#disturbed.set(list, this.#faultsOf(list).readings);
  }

  #faultsOf(list: string): Faults {
    const faults = this.#faults.get(list);
    if (!faults) throw new Error(`no list ${list}`);
    return faults;
  }

  #listRule(key: string): ListRule {
    const rule = this.#rules.lists.find((one) => one.key === key);
    if (!rule) throw new Error(`no list ${key}`);
    return rule;
  }

  get #running(): Daemon {
    if (!this.#daemon) throw new Error('nothing was started');
    return this.#daemon;
  }

  get #now(): number {
    return this.#machine.clock.now();
  }
}

/** undefined when it was refused. */
async function attempt<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CommandError && error.code === 'REFUSED') return undefined;
    throw error;
  }
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}

/** An address of IPv6 alone means its /64. */
function typedExactly(target: string): string {
  return target.includes(':') && !target.includes('/') ? `${target}/128` : target;
}

function textOf({ program, address, times }: Lines, at: number): readonly string[] {
  const line = `${new Date(at).toISOString()} host ${program}[1]: abuse from ${address}`;
  return Array.from({ length: times }, () => line);
}
