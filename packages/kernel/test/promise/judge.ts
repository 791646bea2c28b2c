import type { ControlApi, HoldReport } from '@remand/api';
import { expect } from 'vitest';
import { decisionsOf, decisionsShown, expectSame, holdsOf, holdsShown } from './answers.ts';
import type { ListRule } from './rules.ts';
import type { Scene } from './scene.ts';
import { allTargets, typedExactly } from './world-map.ts';

/** The daemon looks for what has ended once a second. */
const tickMs = 1_000;
/** A list that counts down so much counts down every hold that is not for ever. */
const countsAllMs = 86_400_000;

/** Compares lists and answers with the model. */
export class Judge {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** On a real clock something may have ended while the lists were looked at. */
  async isTimely(): Promise<boolean> {
    if (this.#scene.machine.toleranceMs === 0) return true;
    for (const list of this.#scene.rules.lists) {
      if (!this.#scene.faultsOf(list.key).isUnavailable && (await this.#faultOf(list)))
        return false;
    }
    return true;
  }

  async isSettled(control: ControlApi): Promise<boolean> {
    this.#scene.foreign.doubt((list, target) => {
      return this.#scene.faultsOf(list).isUnavailable && this.#scene.isHeld(list, target);
    });
    const now = this.#scene.now;
    const { toleranceMs } = this.#scene.machine;
    const isEnding = (end: number) => end <= now + toleranceMs && now - end <= tickMs + toleranceMs;
    if (this.#scene.book.ends().some(isEnding)) return false;
    if (this.#scene.foreign.ends().some(isEnding)) return false;
    const { lists } = await control.status({});
    for (const { list, pending, state, paused } of lists) {
      const { isUnavailable } = this.#scene.faultsOf(list);
      if (isUnavailable) continue;
      if (paused !== this.#scene.paused.has(list)) return false;
      if (paused) continue;
      if (pending > 0) return false;
      const isSeen = this.#scene.isSeen(list);
      const isWell = isSeen && state === 'ok';
      if (!isSeen && !this.#scene.machine.isUnread) return false;
      if (!isWell && (await this.#faultOf(this.#scene.listRule(list))) !== undefined) return false;
    }
    return true;
  }

  async compareLists(): Promise<void> {
    for (const list of this.#scene.rules.lists) {
      if (this.#scene.faultsOf(list.key).isUnavailable) continue;
      expect(await this.#faultOf(list), `list ${list.key} at ${this.#scene.now}`).toBeUndefined();
    }
  }

  /** What is wrong with a list. */
  async #faultOf(list: ListRule): Promise<string | undefined> {
    const now = this.#scene.now;
    const there = await this.#scene.machine.contents(list.key);
    const { refused } = this.#scene.faultsOf(list.key);
    const wanted = this.#scene.paused.has(list.key)
      ? new Map()
      : this.#scene.book.wanted(list, now);
    this.#scene.foreign.update(list.key, {
      now,
      there,
      wanted: this.#scene.book.wanted(list, now),
    });
    const missing = [...wanted.keys()].filter((target) => !there.has(target));
    const extra = [...there].filter(
      (target) => !wanted.has(target) && !this.#scene.foreign.mayBe(list.key, target),
    );
    const taken = this.#scene.foreign.surely(list.key).filter((target) => !there.has(target));
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

  async compareHolds(control: ControlApi): Promise<void> {
    const { toleranceMs } = this.#scene.machine;
    const bans = await control.bans({});
    const held = holdsOf(this.#scene.book.holds(this.#scene.now), (ban) =>
      this.#scene.book.listsOf(ban),
    );
    expectSame(holdsShown(bans), held, { what: 'the holds', toleranceMs });
    for (const list of this.#scene.rules.lists) {
      // What happens to a list that is away cannot be seen.
      if (this.#scene.faultsOf(list.key).isUnavailable) continue;
      const there = await this.#scene.machine.contents(list.key);
      const ended = (target: string) => !this.#scene.book.wanted(list, this.#scene.now).has(target);
      const missing = bans
        .filter(({ holds }) => holds.some(({ lists }) => isEnforcedOn(list.key, lists)))
        .map(({ address }) => address)
        .filter((address) => !there.has(address) && !ended(address));
      expect(missing, `shown as enforced on ${list.key}`).toEqual([]);
    }
  }

  async compareDecisions(control: ControlApi): Promise<void> {
    const { toleranceMs } = this.#scene.machine;
    for (const target of allTargets) {
      const { events } = await control.why({ address: typedExactly(target) });
      const decided = decisionsOf(this.#scene.book.decisions, target);
      expectSame(decisionsShown(events), decided, { what: `about ${target}`, toleranceMs });
    }
  }

  /** Whatever is held is blocked, as far as it was possible when everything was settled last. */
  async expectNotEarly(): Promise<void> {
    for (const list of this.#scene.rules.lists) {
      const { refused, isUnavailable, failing } = this.#scene.faultsOf(list.key);
      const isFree = isUnavailable || this.#scene.paused.has(list.key) || failing !== undefined;
      if (isFree || list.maxEntries !== undefined) continue;
      const there = await this.#scene.machine.contents(list.key);
      const early = [...this.#scene.book.wanted(list, this.#scene.now).keys()].filter(
        (target) => !there.has(target) && !refused.has(target),
      );
      expect(early, `ended early on ${list.key} at ${this.#scene.now}`).toEqual([]);
    }
  }

  /** What the firewall can count down ends by itself. */
  async compareWhileDown(): Promise<void> {
    const now = this.#scene.now;
    await this.expectNotEarly();
    for (const list of this.#scene.rules.lists) {
      const { refused, isUnavailable } = this.#scene.faultsOf(list.key);
      if (isUnavailable || this.#scene.paused.has(list.key)) continue;
      if (list.maxTimeoutMs < countsAllMs) continue;
      const there = await this.#scene.machine.contents(list.key);
      const ending = this.#scene.book.wanted(list, now - tickMs - 1);
      const extra = [...there].filter(
        (one) => !ending.has(one) && !refused.has(one) && !this.#scene.foreign.mayBe(list.key, one),
      );
      expect(extra, `${list.key} while down`).toEqual([]);
    }
  }
}

function isEnforcedOn(list: string, lists: HoldReport['lists']): boolean {
  return lists.some((one) => one.list === list && one.enforced);
}
