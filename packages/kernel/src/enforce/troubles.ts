import type { Target } from '@remand/api';
import { backOffMs } from './back-off.ts';

/** `beyond` and `crowded` are settled by events, the others are tried again after a while. */
export type TroubleKind = 'beyond' | 'crowded' | 'refused' | 'unrecorded';

interface Trouble {
  readonly kind: TroubleKind;
  readonly reason: string;
  readonly failures: number;
  readonly retryAt: number;
}

/** Different reasons that are told one by one; more of them are told together. */
const mostReasons = 8;

/** The entries of a list that are not as they should be, why, and who has been told. */
export class Troubles {
  readonly #byTarget = new Map<Target, Trouble>();
  /** One object for all that wait for the same: there can be as many as there are bans. */
  readonly #shared = new Map<string, Trouble>();
  readonly #told = new Set<Target>();
  #crowded = 0;
  #isIll = false;

  get size(): number {
    return this.#byTarget.size;
  }

  get crowded(): number {
    return this.#crowded;
  }

  /** One of the reasons. */
  get anyReason(): string | undefined {
    for (const { reason } of this.#byTarget.values()) return reason;
    return undefined;
  }

  reasonFor(target: Target): string | undefined {
    return this.#byTarget.get(target)?.reason;
  }

  isPostponed(target: Target, steady: number): boolean {
    const trouble = this.#byTarget.get(target);
    return trouble?.kind === 'refused' && trouble.retryAt > steady;
  }

  set(target: Target, kind: TroubleKind, reason: string, steady: number): void {
    const before = this.#byTarget.get(target);
    if (before?.kind === 'crowded') this.#crowded--;
    if (kind === 'crowded') this.#crowded++;
    const waits = kind === 'beyond' || kind === 'crowded';
    const failures = waits ? 0 : (before?.failures ?? 0) + 1;
    const trouble = waits
      ? this.#share(kind, reason)
      : { kind, reason, failures, retryAt: steady + backOffMs(failures) };
    this.#byTarget.set(target, trouble);
  }

  clear(target: Target): void {
    if (this.#byTarget.get(target)?.kind === 'crowded') this.#crowded--;
    this.#byTarget.delete(target);
    this.#told.delete(target);
  }

  /** Everything is forgotten: the list starts anew. */
  clearAll(): void {
    this.#byTarget.clear();
    this.#shared.clear();
    this.#told.clear();
    this.#crowded = 0;
    this.#isIll = false;
  }

  /** Called when nothing is left to do. @returns true once after trouble that was told */
  recovered(): boolean {
    if (!this.#isIll || this.size > 0) return false;
    this.clearAll();
    return true;
  }

  *waitingForRoom(): Iterable<Target> {
    for (const [target, { kind }] of this.#byTarget) if (kind === 'crowded') yield target;
  }

  /** What is to be tried again now, at most `most`, and when the next one is (`Infinity`: none). */
  due(steady: number, most: number): { readonly targets: readonly Target[]; readonly at: number } {
    const targets: Target[] = [];
    let at = Number.POSITIVE_INFINITY;
    for (const [target, { retryAt }] of this.#byTarget) {
      if (retryAt <= steady && targets.length < most) targets.push(target);
      else if (retryAt < at) at = retryAt;
    }
    return { targets, at };
  }

  /** Notes that these are told. @returns those that were not told yet */
  tell(targets: Iterable<Target>): readonly Target[] {
    const news: Target[] = [];
    for (const target of targets) {
      if (this.#told.has(target)) continue;
      this.#told.add(target);
      news.push(target);
    }
    this.#isIll ||= news.length > 0;
    return news;
  }

  /** The targets among these that have not been told, by reason. */
  untold(targets: Iterable<Target>): ReadonlyMap<string, readonly Target[]> {
    const byReason = new Map<string, Target[]>();
    for (const target of this.tell(targets)) {
      const reason = this.reasonFor(target) ?? '';
      const there = byReason.get(reason);
      if (there) there.push(target);
      else byReason.set(reason, [target]);
    }
    if (byReason.size <= mostReasons) return byReason;
    const [first = ''] = byReason.keys();
    const others = `${first} (and ${byReason.size - 1} other reasons)`;
    return new Map([[others, [...byReason.values()].flat()]]);
  }

  #share(kind: TroubleKind, reason: string): Trouble {
    const key = `${kind} ${reason}`;
    const known = this.#shared.get(key);
    if (known) return known;
    const made = { kind, reason, failures: 0, retryAt: Number.POSITIVE_INFINITY };
    this.#shared.set(key, made);
    return made;
  }
}
