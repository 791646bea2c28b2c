import { CommandError, type Target } from '@remand/api';
import { settle } from '@remand/testkit';
import { expect } from 'vitest';
import { type ListSetup, World } from './world.ts';

export type Op =
  | {
      readonly op: 'ban';
      holder: string;
      targets: readonly Target[];
      forMs: number | null;
      recorded: boolean;
    }
  | { readonly op: 'unban'; holder: string; target: Target }
  | { readonly op: 'allow'; target: Target; on: boolean }
  | { readonly op: 'advance'; ms: number }
  | { readonly op: 'step'; ms: number }
  | { readonly op: 'crash' }
  | { readonly op: 'restart'; downMs: number; flush: boolean }
  | { readonly op: 'wipe'; list: string; container: boolean }
  | { readonly op: 'foreign'; list: string; target: Target; forMs: number | null }
  | { readonly op: 'unforeign'; list: string; target: Target }
  | { readonly op: 'fail'; list: string; times: number; applied: boolean; timedOut: boolean }
  | { readonly op: 'refuse' | 'poison' | 'accept'; list: string; target: Target }
  | { readonly op: 'unavailable'; list: string; on: boolean }
  | { readonly op: 'hang'; list: string; on: boolean }
  | { readonly op: 'disk'; full: boolean }
  | { readonly op: 'flush' | 'resume'; list: string }
  | { readonly op: 'heal' };

/** `quick`: the next one follows at once, before anything could settle. */
export type Step = Op & { readonly quick?: boolean };

/** More than every back-off and every comparison takes. */
const healingMs = 11 * 60_000;
/** How early or late an entry of an unknown past may end. */
const toleranceMs = 2_000;

interface Foreign {
  /** On the monotonic clock. */
  readonly end: number;
  /** How often the list had been read when it came. */
  readonly readings: number;
  /** False from when it may have been taken over. */
  readonly isSure: boolean;
}

/** Plays steps against an Enforcer and holds it to promise 1. */
export class PromiseModel {
  readonly world: World;
  readonly #disturbed = new Map<string, number>();
  readonly #foreign = new Map<string, Map<Target, Foreign>>();
  readonly #foreignEnds = new Map<string, number>();
  /** Entries of ours in a shared list that somebody else entered again: whose they are is open. */
  readonly #overwritten = new Set<string>();
  readonly #releases = new Map<string, () => void>();
  #isExact = true;

  constructor(setups: readonly ListSetup[]) {
    this.world = new World(setups);
    this.world.onMoment = () => this.#check();
    for (const { key } of setups) this.#foreign.set(key, new Map());
  }

  async play(steps: readonly Step[]): Promise<void> {
    await this.world.start();
    for (const step of [...steps, { op: 'heal' } as const]) {
      await this.#do(step);
      this.#forgetTakenOver();
      if ('quick' in step && step.quick) continue;
      await settle();
      this.#check();
    }
  }

  async #do(step: Step): Promise<void> {
    const { world } = this;
    switch (step.op) {
      case 'ban':
        return world.ban(step.holder, step.targets, step.forMs, step.recorded);
      case 'unban':
        return world.unban(step.holder, [step.target]);
      case 'allow':
        return world.allow(step.target, step.on);
      case 'advance':
        return world.advance(step.ms);
      case 'step':
        world.clock.setWall(world.clock.now() + step.ms);
        world.endHolds();
        return world.enforcer.reapplyAll('the clock was set');
      case 'crash':
        this.#newLife();
        return world.crash();
      case 'restart':
        return this.#restart(step.downMs, step.flush);
      case 'wipe':
        this.#foreign.get(step.list)?.clear();
        this.#disturb(step.list);
        return world.list(step.list).wipe({ container: step.container });
      case 'foreign':
        return this.#addForeign(step.list, step.target, step.forMs);
      case 'unforeign':
        this.#foreign.get(step.list)?.delete(step.target);
        this.#disturb(step.list);
        return world.list(step.list).removeForeign([step.target]);
      case 'fail': {
        const error = step.timedOut ? new CommandError('COMMAND_TIMEOUT', 'too slow') : undefined;
        const given = { applied: step.applied, ...(error && { error }) };
        return world.list(step.list).failNextApplies(step.times, given);
      }
      case 'refuse':
      case 'poison':
      case 'accept':
        return world.list(step.list)[step.op]([step.target]);
      case 'unavailable':
        return world.list(step.list).setUnavailable(step.on ? 'it is stopped' : undefined);
      case 'hang':
        return this.#hang(step.list, step.on);
      case 'disk':
        world.rows.isFull = step.full;
        return;
      case 'flush':
        void world.enforcer.flush(step.list);
        return;
      case 'resume':
        return world.enforcer.resume(step.list);
      case 'heal':
        return this.#heal();
    }
  }

  async #restart(downMs: number, flush: boolean): Promise<void> {
    const { world } = this;
    const stopped = world.enforcer.stop(1_000, { flush });
    await world.clock.advanceAsync(2_000);
    await stopped;
    world.kill();
    await world.clock.advanceAsync(downMs);
    world.endHolds();
    this.#newLife();
    world.revive();
  }

  #newLife(): void {
    this.#isExact = false;
    this.#releases.clear();
    for (const [list, foreign] of this.#foreign) {
      for (const target of foreign.keys()) {
        // A row that was committed makes it ours: nobody can tell who entered it.
        if (this.world.rows.of(list).has(target)) foreign.delete(target);
      }
    }
  }

  #addForeign(key: string, target: Target, wishedMs: number | null): void {
    const { world } = this;
    const list = world.list(key);
    const { families, maxEntries = Number.POSITIVE_INFINITY, maxTimeoutMs } = list.limits;
    const forMs = (wishedMs ?? Number.POSITIVE_INFINITY) > maxTimeoutMs ? null : wishedMs;
    if (!families.includes(target.includes(':') ? 6 : 4)) return;
    if (!list.has(target) && list.targets.length >= maxEntries) return;
    const isShared = world.setups.find((one) => one.key === key)?.ownership === 'shared';
    const theirs = this.#foreign.get(key);
    const end = world.clock.monotonic() + (forMs ?? Number.POSITIVE_INFINITY);
    this.#foreignEnds.set(`${key} ${target}`, end);
    const known = theirs?.get(target);
    if (known) theirs?.set(target, { ...known, end, readings: list.calls.list });
    else if (isShared && !list.has(target)) {
      // With a row or a hold it depends on the instant whose it is.
      if (world.rows.of(key).has(target) || world.heldUntil(key, target) !== undefined) return;
      theirs?.set(target, { end, readings: list.calls.list, isSure: true });
    } else if (isShared) this.#overwritten.add(`${key} ${target}`);
    this.#isExact = false;
    this.#disturb(key);
    world.changedAt.set(target, world.clock.monotonic());
    list.addForeign([target], forMs);
  }

  #hang(list: string, on: boolean): void {
    const release = this.#releases.get(list);
    if (on && !release) this.#releases.set(list, this.world.list(list).holdApplies());
    if (on || !release) return;
    this.#releases.delete(list);
    this.#disturb(list);
    this.world.list(list).holdApplies()();
    release();
  }

  async #heal(): Promise<void> {
    const { world } = this;
    world.rows.isFull = false;
    for (const { key } of world.setups) {
      const list = world.list(key);
      list.setUnavailable(undefined);
      list.accept(allTargets);
      this.#hang(key, false);
    }
    world.enforcer.resume();
    await world.advance(healingMs);
    world.enforcer.resume();
    await world.advance(healingMs);
    await settle();
    for (const { key } of world.setups) this.#checkHealed(key);
  }

  #checkHealed(key: string): void {
    const { world } = this;
    const status = world.enforcer.status().find(({ list }) => list === key);
    const reason = status?.state === 'degraded' ? status.reason : '';
    expect(reason).toMatch(/^$|is full|does not block/);
    const theirs = this.#foreign.get(key);
    const ours = world.list(key).targets.filter((target) => {
      const isOpen = this.#overwritten.has(`${key} ${target}`);
      return !theirs?.has(target) && (!isOpen || this.#isWanted(key, target, 0));
    });
    expect(world.list(key).calls.list > (this.#disturbed.get(key) ?? -1)).toBe(true);
    const { maxEntries = Number.POSITIVE_INFINITY } = world.list(key).limits;
    const wanted = allTargets.filter((target) => this.#isWanted(key, target, 0));
    expect(ours.length).toBe(
      Math.min(maxEntries, wanted.filter((target) => !theirs?.has(target)).length),
    );
    const surely = ours.filter((target) => !this.#overwritten.has(`${key} ${target}`));
    expect([...world.rows.of(key)]).toEqual(expect.arrayContaining(surely));
    for (const row of world.rows.of(key)) expect(world.until(key, row)).toBeDefined();
    this.#checkList(key, true);
  }

  #check(): void {
    this.#forgetTakenOver();
    const status = this.world.enforcer.status();
    for (const [key, foreign] of this.#foreign) {
      const { state, pending = 1 } = status.find(({ list }) => list === key) ?? {};
      const isWell = state === 'ok' && pending === 0 && !this.world.rows.isFull;
      for (const target of allTargets) {
        if (!this.world.list(key).has(target)) this.#overwritten.delete(`${key} ${target}`);
      }
      for (const [target, { isSure }] of foreign) {
        const isOurs = isWell && this.world.rows.of(key).has(target);
        const isGone = !this.world.list(key).has(target);
        if (!isSure && (isOurs || isGone)) foreign.delete(target);
      }
    }
    for (const { key } of this.world.setups) this.#checkList(key, false);
  }

  #checkList(key: string, isHealed: boolean): void {
    const { world } = this;
    const list = world.list(key);
    for (const [target, { isSure }] of this.#foreign.get(key) ?? []) {
      if (isSure) expect(list.has(target), `${target} of somebody else on ${key}`).toBe(true);
    }
    const status = world.enforcer.status().find((one) => one.list === key);
    if (list.calls.list <= (this.#disturbed.get(key) ?? -1)) return;
    for (const target of allTargets) {
      const isIn = list.has(target);
      const { enforced } = world.enforcer.stateOf(key, target);
      const now = world.clock.monotonic();
      const endsMs = (this.#foreignEnds.get(`${key} ${target}`) ?? Number.NEGATIVE_INFINITY) - now;
      // One that somebody else entered over ours, to end about when ours did, reads as ours.
      const hasJustEnded = endsMs <= 0 && endsMs > -toleranceMs;
      const isWanted = this.#isWanted(key, target, this.#isExact ? 2 : toleranceMs);
      if (isWanted && enforced && !hasJustEnded) {
        expect(isIn, `${target} shown as enforced on ${key}`).toBe(true);
      }
      if (!isHealed && (status?.state !== 'ok' || status.pending > 0)) continue;
      if (isWanted && list.limits.maxEntries === undefined) {
        expect(isIn, `${target} held on ${key}`).toBe(true);
      }
      const isRecent = now - (world.changedAt.get(target) ?? -toleranceMs) < toleranceMs;
      const endsSoon = endsMs > 0 && endsMs <= toleranceMs;
      if (!isIn || this.#foreign.get(key)?.has(target) || isRecent || endsSoon) continue;
      if (this.#overwritten.has(`${key} ${target}`)) continue;
      // Forbidden or not: the firewall itself ends it in a moment.
      const held = world.heldUntil(key, target);
      if (typeof held === 'number' && held - world.clock.now() <= toleranceMs) continue;
      expect(world.until(key, target), `${target} left on ${key}`).toBeDefined();
    }
  }

  /** Held for longer than this, and possible. */
  #isWanted(key: string, target: Target, marginMs: number): boolean {
    const until = this.world.until(key, target);
    const { families, ranges } = this.world.list(key).limits;
    if (!families.includes(target.includes(':') ? 6 : 4)) return false;
    if (!ranges && target.includes('/')) return false;
    return until === null || (until !== undefined && until - this.world.clock.now() > marginMs);
  }

  /** Entries of others that a longer hold took over, or that it found before anybody saw them. */
  #forgetTakenOver(): void {
    const { clock } = this.world;
    for (const [key, foreign] of this.#foreign) {
      for (const [target, known] of foreign) {
        const { end, readings } = known;
        const until = this.world.until(key, target);
        const left = until === null ? Number.POSITIVE_INFINITY : (until ?? 0) - clock.now();
        const isSeen = this.world.list(key).calls.list > readings;
        const isOver = end <= clock.monotonic();
        const isTaken = until !== undefined && (!isSeen || clock.monotonic() + left > end);
        if (isOver) foreign.delete(target);
        else if (isTaken) foreign.set(target, { ...known, isSure: false });
      }
    }
  }

  #disturb(list: string): void {
    this.#disturbed.set(list, this.world.list(list).calls.list);
  }
}

export const allTargets: readonly Target[] = [
  '192.0.2.1',
  '192.0.2.2',
  '192.0.2.3',
  '192.0.2.4',
  '192.0.2.0/24',
  '2001:db8:0:1::/64',
];
