import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '@remand/api';
import { LogFeed } from '@remand/testkit';
import { expect } from 'vitest';
import type { Ban } from './ban.ts';
import type { Book } from './book.ts';
import { Daemon } from './daemon.ts';
import { Judge } from './judge.ts';
import type { Machine } from './machine.ts';
import type { Rules } from './rules.ts';
import { Scene } from './scene.ts';
import type { Lines, Step } from './steps.ts';
import { typedExactly } from './world-map.ts';

/** What others change in a list that is watched is seen by then, with some time to spare. */
const seenWithinMs = 8_000;
/** Plays steps against a whole kernel and holds it to what the model says. */
export class Driver {
  readonly #scene: Scene;
  readonly #judge: Judge;
  readonly #feed = new LogFeed();
  readonly #home = mkdtempSync(join(memoryFolder(), 'remand-promise-'));
  #daemon: Daemon | undefined;

  constructor(rules: Rules, machine: Machine) {
    this.#scene = new Scene(rules, machine);
    this.#judge = new Judge(this.#scene);
  }

  /** @param onStep called after each step that kept the promise; false ends the life */
  async play(steps: readonly Step[], onStep: () => boolean = () => true): Promise<Book> {
    try {
      this.#daemon = await Daemon.start({
        ...{
          rules: this.#scene.rules,
          machine: this.#scene.machine,
          feed: this.#feed,
          home: this.#home,
        },
        faultsOf: (list) => this.#scene.faultsOf(list),
      });
      await this.#settle();
      for (const step of steps) {
        await this.#do(step);
        await this.#settle();
        if (!onStep()) break;
      }
      this.#heal();
      await this.#settle();
      return this.#scene.book;
    } finally {
      await this.#daemon?.stop();
      rmSync(this.#home, { recursive: true, force: true });
    }
  }

  async #do(step: Step): Promise<void> {
    const { control } = this.#running;
    const now = this.#scene.now;
    // A shrunk configuration may lack what a step is about.
    if ('list' in step && step.list !== undefined && !this.#scene.faults.has(step.list)) return;
    switch (step.do) {
      case 'lines':
        return await this.#lines(step);
      case 'ban': {
        const forMs = step.forMs === undefined ? {} : { forMs: finite(step.forMs) };
        const jail = step.jail === undefined ? {} : { jail: step.jail };
        const made = this.#scene.book.ban(step.what, step.jail, step.forMs, now);
        const answer = await attempt(control.ban({ address: step.what, ...jail, ...forMs }));
        expect(answer?.address, `the ban of ${step.what}`).toBe(made?.target);
        return;
      }
      case 'unban':
        return await this.#unban(step);
      case 'allow':
        this.#scene.book.allow(step.what, step.forMs, now);
        await control.allow({ address: step.what, forMs: finite(step.forMs) });
        return;
      case 'pass':
        return await this.#scene.machine.pass(step.ms);
      case 'passToEnd': {
        const next = Math.min(...this.#scene.book.holds(now).map(({ until }) => until));
        if (!Number.isFinite(next) || next - now <= 1) return;
        await this.#scene.machine.pass(next - now - 1);
        await this.#judge.expectNotEarly();
        await this.#scene.machine.pass(2);
        return await this.#judge.expectNotEarly();
      }
      case 'crash':
        if (step.when === 'now') this.#running.kill();
        else this.#scene.faultsOf(step.list ?? '').killAt = step.when;
        return;
      case 'restart':
        return await this.#restart(step);
      case 'wipe':
        this.#scene.foreign.forgetAll(step.list);
        this.#scene.disturb(step.list);
        return await this.#scene.machine.wipe(step.list, step);
      case 'takeOut': {
        const there = [...(await this.#scene.machine.contents(step.list))].sort();
        const target = there[step.nth % there.length];
        if (target === undefined) return;
        this.#scene.foreign.forget(step.list, target);
        this.#scene.disturb(step.list);
        return await this.#scene.machine.takeOut(step.list, target);
      }
      case 'putIn':
        return await this.#putIn(step);
      case 'fail':
        this.#scene.faultsOf(step.list).failing = { how: step.how, times: step.times };
        return;
      case 'away':
        this.#scene.faultsOf(step.list).isUnavailable = step.on;
        return;
      case 'refuse':
        if (step.on) this.#scene.faultsOf(step.list).refused.add(step.what);
        else this.#scene.faultsOf(step.list).refused.delete(step.what);
        return;
      case 'flush': {
        const { lists } = await control.flush({ list: step.list });
        if (!lists[0]?.removed) return;
        this.#scene.paused.add(step.list);
        // Everything in a list of our own goes, whoever entered it.
        const { ownership } = this.#scene.listRule(step.list);
        if (ownership === 'own') this.#scene.foreign.forgetAll(step.list);
        return;
      }
      case 'reload':
        this.#scene.unpause();
        await this.#running.reload();
    }
  }

  async #lines(lines: Lines): Promise<void> {
    const { fuse } = await this.#running.control.status({});
    const at = this.#scene.now;
    const given = { at, now: at, fuse: { ...fuse } };
    for (let n = 0; n < lines.times; n++)
      this.#scene.book.line(lines.program, lines.address, given);
    await this.#feed.push(textOf(lines, at));
  }

  async #unban({ nth, which, mistake }: Step & { readonly do: 'unban' }): Promise<void> {
    const now = this.#scene.now;
    const holds = this.#scene.book.holds(now);
    const chosen = holds[nth % holds.length];
    if (!chosen) return;
    const { target, holder } = chosen;
    const holders = new Set(holds.filter((one) => one.target === target).map((one) => one.holder));
    const isLifted = (ban: Ban) =>
      which === 'holder' ? ban.holder === holder : which === 'all' || holders.size === 1;
    this.#scene.book.unban(target, isLifted, mistake, now);
    const more = which === 'holder' ? { holder } : { all: which === 'all' };
    await this.#running.control.unban({ address: typedExactly(target), mistake, ...more });
  }

  async #restart({ downMs, lines, wiped }: Step & { readonly do: 'restart' }): Promise<void> {
    await this.#running.stop();
    const written: { readonly lines: Lines; readonly at: number }[] = [];
    for (const one of lines) {
      await this.#scene.machine.pass(Math.ceil(downMs / lines.length));
      while (this.#isNearEnd()) await this.#scene.machine.pass(this.#scene.machine.grainMs);
      const at = this.#scene.now;
      this.#feed.append(textOf(one, at));
      written.push({ lines: one, at });
      await this.#scene.machine.pass(1);
    }
    if (lines.length === 0) await this.#scene.machine.pass(downMs);
    await this.#judge.compareWhileDown();
    if (wiped !== undefined && this.#scene.faults.has(wiped)) {
      this.#scene.foreign.forgetAll(wiped);
      await this.#scene.machine.wipe(wiped, { container: true });
    }
    const fuse = { tripped: false, recent: 0 };
    for (const one of written) {
      const given = { at: one.at, now: this.#scene.now, fuse };
      for (let n = 0; n < one.lines.times; n++) {
        this.#scene.book.line(one.lines.program, one.lines.address, given);
      }
    }
    await this.#startNext((list) => this.#scene.paused.has(list));
  }

  /** @param isOpen whether it is open whose the entries of a list are that others entered */
  async #startNext(isOpen: (list: string) => boolean): Promise<void> {
    this.#scene.foreign.doubt((list, target) => isOpen(list) && this.#scene.isHeld(list, target));
    this.#scene.unpause();
    this.#daemon = await this.#running.next();
  }

  async #putIn({ list, what, forMs }: Step & { readonly do: 'putIn' }): Promise<void> {
    const rule = this.#scene.listRule(list);
    const isThere = (await this.#scene.machine.contents(list)).has(what);
    const isPossible =
      rule.families.includes(what.includes(':') ? 6 : 4) && (rule.ranges || !what.includes('/'));
    if (!isPossible) return;
    const endsAt = this.#scene.now + (forMs > rule.maxTimeoutMs ? Number.POSITIVE_INFINITY : forMs);
    const isHeld = this.#scene.isHeld(list, what);
    // In a list that is ours nothing of others stays, but as long as it is paused.
    if (this.#scene.paused.has(list) || rule.ownership === 'shared') {
      // Entered again by somebody else, an entry is ours or theirs. What was recorded and could not
      // be entered looks like ours after a restart.
      const isOpen = isHeld || isThere || this.#scene.faultsOf(list).isUnavailable;
      if (isOpen) this.#scene.foreign.prolong(list, what, endsAt);
      else this.#scene.foreign.add(list, what, endsAt);
    }
    this.#scene.disturb(list);
    await this.#scene.machine.putIn(list, what, forMs);
    // Whose it is can only be said of an entry that was seen.
    const isSeen = () => this.#scene.isSeen(list);
    const most = this.#scene.machine.isUnread && rule.ownership === 'shared' ? seenWithinMs : 0;
    for (let ms = 0; ms < most && !isSeen(); ms += this.#scene.machine.grainMs) {
      await this.#scene.machine.pass(this.#scene.machine.grainMs);
    }
  }

  #heal(): void {
    for (const faults of this.#scene.faults.values()) {
      faults.isUnavailable = false;
      faults.killAt = undefined;
      faults.refused.clear();
    }
  }

  /** Until nothing is pending, then everything has to be as the model says. */
  async #settle(): Promise<void> {
    const { grainMs, patienceMs } = this.#scene.machine;
    const { clock } = this.#scene.machine;
    const end = clock.monotonic() + patienceMs;
    for (;;) {
      await this.#scene.machine.pass(grainMs);
      if (!this.#running.isAlive) {
        await this.#startNext(() => true);
        continue;
      }
      if ((await this.#judge.isSettled(this.#running.control)) && (await this.#judge.isTimely()))
        break;
      if (clock.monotonic() < end) continue;
      const { lists } = await this.#running.control.status({});
      await this.#judge.compareLists();
      throw new Error(`it does not settle: ${JSON.stringify(lists, undefined, 1)}`);
    }
    if (this.#scene.machine.toleranceMs === 0) await this.#judge.compareLists();
    await this.#judge.compareHolds(this.#running.control);
    await this.#judge.compareDecisions(this.#running.control);
  }

  /** Whether something ends about now, so that it is open whether it has. */
  #isNearEnd(): boolean {
    const { toleranceMs } = this.#scene.machine;
    return this.#scene.book.ends().some((end) => Math.abs(end - this.#scene.now) < toleranceMs);
  }

  get #running(): Daemon {
    if (!this.#daemon) throw new Error('nothing was started');
    return this.#daemon;
  }

  get #now(): number {
    return this.#scene.machine.clock.now();
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

/** Where a disk is that keeps up with thousands of lives; Linux has one in memory. */
function memoryFolder(): string {
  const memory = '/dev/shm';
  return existsSync(memory) ? memory : tmpdir();
}

function textOf({ program, address, times }: Lines, at: number): readonly string[] {
  const line = `${new Date(at).toISOString()} host ${program}[1]: abuse from ${address}`;
  return Array.from({ length: times }, () => line);
}
