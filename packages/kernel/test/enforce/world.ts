import type { Action, ActionLimits, Clock, Target } from '@remand/api';
import { FakeClock, MemoryList, memoryLogger, settle } from '@remand/testkit';
import { Enforcer } from '../../src/enforce/enforcer.ts';
import type { DesiredState, EnforceListener, RowStore } from '../../src/enforce/list-spec.ts';

export interface ListSetup {
  readonly key: string;
  readonly ownership: 'own' | 'shared';
  readonly holders: readonly string[];
  readonly limits?: Partial<ActionLimits>;
  readonly watchable?: boolean;
  readonly unlisted?: boolean;
}

export interface Told {
  readonly what: 'notEnforced' | 'recovered' | 'drift' | 'enforced';
  readonly list: string;
  readonly targets?: readonly Target[];
  readonly reason?: string;
  readonly missing?: number;
  readonly extra?: number;
}

/** Rows that outlive an Enforcer, on a disk that can be full. */
export class Rows implements RowStore {
  readonly byList = new Map<string, Set<Target>>();
  isFull = false;

  load(list: string): Iterable<Target> {
    return [...this.of(list)];
  }

  add(list: string, targets: readonly Target[]): void {
    if (this.isFull) throw new Error('disk full');
    for (const target of targets) this.of(list).add(target);
  }

  remove(list: string, targets: readonly Target[]): void {
    if (this.isFull) throw new Error('disk full');
    for (const target of targets) this.of(list).delete(target);
  }

  of(list: string): Set<Target> {
    const known = this.byList.get(list) ?? new Set();
    this.byList.set(list, known);
    return known;
  }
}

/** Holds, never-ban set, ledger rows, firewall and clock around an Enforcer that can be killed. */
export class World implements DesiredState {
  readonly clock = new FakeClock();
  readonly logger = memoryLogger();
  readonly rows = new Rows();
  readonly holds = new Map<string, Map<Target, number | null>>();
  readonly forbidden = new Set<Target>();
  readonly firewall = new Map<string, MemoryList>();
  readonly setups: readonly ListSetup[];
  /** When something last changed about what is desired of a target, on the monotonic clock. */
  readonly changedAt = new Map<Target, number>();
  told: Told[] = [];
  enforcer: Enforcer;
  /** Called before a hold ends and whenever time stood still for a moment. */
  onMoment: () => void = () => undefined;
  #life = { isAlive: true };

  constructor(setups: readonly ListSetup[]) {
    this.setups = setups;
    for (const { key, limits, watchable = true, unlisted = false } of setups) {
      this.firewall.set(
        key,
        new MemoryList({ clock: this.clock, watchable, unlisted, ...(limits && { limits }) }),
      );
    }
    this.enforcer = this.#newEnforcer();
  }

  list(key: string): MemoryList {
    const list = this.firewall.get(key);
    if (!list) throw new Error(`no list ${key}`);
    return list;
  }

  until(list: string, target: Target): number | null | undefined {
    return this.forbidden.has(target) ? undefined : this.heldUntil(list, target);
  }

  /** What the holds say, whether it is forbidden or not. */
  heldUntil(list: string, target: Target): number | null | undefined {
    const untils = this.#holdersOf(list).flatMap((holder) => {
      const until = this.holds.get(holder)?.get(target);
      return until === undefined ? [] : [until];
    });
    if (untils.length === 0) return undefined;
    return untils.includes(null) ? null : Math.max(...untils.map(Number));
  }

  *entries(list: string): Iterable<readonly [Target, number | null]> {
    const targets = new Set(
      this.#holdersOf(list).flatMap((holder) => [...(this.holds.get(holder)?.keys() ?? [])]),
    );
    for (const target of targets) {
      const until = this.heldUntil(list, target);
      if (until !== undefined) yield [target, until];
    }
  }

  async start(): Promise<void> {
    this.enforcer.start();
    await this.enforcer.settled();
  }

  /** kill -9: only rows, holds and the firewall are left. */
  kill(): void {
    this.#life.isAlive = false;
    // What hung died with it.
    for (const list of this.firewall.values()) list.holdApplies()();
  }

  /** kill -9 and a new process. */
  crash(): void {
    this.kill();
    this.revive();
  }

  revive(): void {
    this.#life = { isAlive: true };
    this.enforcer = this.#newEnforcer();
    this.enforcer.start();
  }

  ban(holder: string, targets: readonly Target[], forMs: number | null, recorded = true): void {
    const held = this.holds.get(holder) ?? new Map<Target, number | null>();
    this.holds.set(holder, held);
    for (const target of targets) {
      held.set(target, forMs === null ? null : this.clock.now() + forMs);
    }
    for (const { key } of this.setups.filter(({ holders }) => holders.includes(holder))) {
      const isRecorded = recorded && !this.rows.isFull && !this.enforcer.isPaused(key);
      if (isRecorded) this.rows.add(key, targets);
      this.enforcer.changed(key, targets, { recorded: isRecorded });
    }
  }

  unban(holder: string, targets: readonly Target[]): void {
    for (const target of targets) this.holds.get(holder)?.delete(target);
    this.#changed(holder, targets);
  }

  allow(target: Target, isAllowed: boolean): void {
    if (isAllowed) this.forbidden.add(target);
    else this.forbidden.delete(target);
    this.changedAt.set(target, this.clock.monotonic());
    for (const { key } of this.setups) this.enforcer.changed(key, [target]);
  }

  /** Lets time pass; holds end within a second of their time, as the kernel's ticker has it. */
  async advance(ms: number): Promise<void> {
    const end = this.clock.monotonic() + ms;
    for (;;) {
      const left = end - this.clock.monotonic();
      const toEnd = this.#nextEnd() - this.clock.now();
      const next = Math.min(left, Math.max(1, toEnd > 1 ? toEnd - 1 : toEnd));
      await this.clock.advanceAsync(next);
      this.onMoment();
      this.endHolds();
      await settle();
      if (left <= next) return;
    }
  }

  endHolds(): void {
    const now = this.clock.now();
    for (const [holder, held] of this.holds) {
      const ended = [...held].flatMap(([target, until]) =>
        until !== null && until <= now ? [target] : [],
      );
      for (const target of ended) held.delete(target);
      if (ended.length > 0) this.#changed(holder, ended);
    }
  }

  #newEnforcer(): Enforcer {
    const life = this.#life;
    const { rows } = this;
    const told = (what: Told['what'], list: string, more: Partial<Told>) => {
      this.told.push({ what, list, ...more });
    };
    const listener: EnforceListener = {
      notEnforced: (list, targets, reason) => told('notEnforced', list, { targets, reason }),
      recovered: (list) => told('recovered', list, {}),
      drift: (list, found) => told('drift', list, { ...found }),
      enforced: (list, targets) => told('enforced', list, { targets }),
      restored: () => undefined,
    };
    return new Enforcer({
      lists: this.setups.map(({ key, ownership, holders }) => ({
        key,
        plugin: 'memory',
        action: mortal(this.list(key), life),
        ownership,
        observesOnly: false,
        holders,
      })),
      desired: this,
      rows: {
        load: (list) => rows.load(list),
        add: (list, targets) => life.isAlive && rows.add(list, targets),
        remove: (list, targets) => life.isAlive && rows.remove(list, targets),
      },
      clock: mortalClock(this.clock, life),
      logger: this.logger,
      listener,
    });
  }

  #changed(holder: string, targets: readonly Target[]): void {
    for (const target of targets) this.changedAt.set(target, this.clock.monotonic());
    for (const { key, holders } of this.setups) {
      if (holders.includes(holder)) this.enforcer.changed(key, targets);
    }
  }

  #holdersOf(list: string): readonly string[] {
    return this.setups.find(({ key }) => key === list)?.holders ?? [];
  }

  #nextEnd(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const held of this.holds.values()) {
      for (const until of held.values()) if (until !== null && until < next) next = until;
    }
    return next;
  }
}

interface Life {
  readonly isAlive: boolean;
}

/** What a dead process started has no effect, and what it waits for never comes. */
function mortal(list: MemoryList, life: Life): Action {
  const unlessDead = <T>(call: () => Promise<T>): Promise<T> =>
    life.isAlive ? call() : new Promise<T>(() => undefined);
  return {
    limits: list.limits,
    start: () => unlessDead(() => list.start()),
    apply: (changes) => unlessDead(() => list.apply(changes)),
    list: () => unlessDead(() => list.list()),
    flush: () => unlessDead(() => list.flush()),
    stop: () => unlessDead(() => list.stop()),
    ...(list.watch && {
      watch: (onChange: (what: string) => void, signal: AbortSignal) =>
        list.watch?.((what) => life.isAlive && onChange(what), signal),
    }),
  };
}

function mortalClock(clock: Clock, life: Life): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (delayMs, callback) => clock.after(delayMs, () => life.isAlive && callback()),
  };
}
