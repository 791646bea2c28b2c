import type { BanReport, WhyEvent } from '@remand/api';
import { expect } from 'vitest';
import type { Ban } from './ban.ts';
import type { Decision } from './book.ts';

/** One thing that daemon and model should say alike; numbers are times in ms. */
type Fact = Readonly<Record<string, string | number | boolean>>;

const kinds: readonly string[] = ['ban', 'extend', 'unban', 'allow', 'escalate'];

export function holdsShown(bans: readonly BanReport[]): readonly Fact[] {
  return inOrder(
    bans.flatMap(({ address, holds }) =>
      holds.map(({ holder, until, lists }) => ({
        ...{ address, holder, until: timeOf(until) },
        lists: listsText(lists.map(({ list }) => list)),
      })),
    ),
  );
}

export function holdsOf(
  bans: readonly Ban[],
  listsOf: (ban: Ban) => readonly string[],
): readonly Fact[] {
  return inOrder(
    bans.map((ban) => ({
      ...{ address: ban.target, holder: ban.holder, until: ban.until },
      lists: listsText(listsOf(ban)),
    })),
  );
}

export function decisionsShown(events: readonly WhyEvent[]): readonly Fact[] {
  const facts = events
    // What is about a range around it is told there.
    .filter(({ kind, range }) => kinds.includes(kind) && range === undefined)
    .map(({ kind, holder, at, until, observed, ended, mistake, counted }) => ({
      ...{ kind, holder, at: Date.parse(at), until: until === undefined ? 0 : timeOf(until) },
      ...{ observed: observed ?? false, ended: ended ?? false, mistake: mistake ?? false },
      counted: counted ?? 0,
    }));
  return inTime(facts);
}

export function decisionsOf(decisions: readonly Decision[], target: string): readonly Fact[] {
  const facts = decisions
    .filter((one) => one.target === target)
    .map(({ kind, holder, at, until, observed, ended, mistake, counted }) => ({
      ...{ kind, holder, at, until: until ?? 0 },
      ...{ observed: observed ?? false, ended: ended ?? false, mistake: mistake ?? false },
      counted: counted ?? 0,
    }));
  return inTime(facts);
}

/** Both say the same; times may differ by so much. */
export function expectSame(
  shown: readonly Fact[],
  expected: readonly Fact[],
  given: { readonly what: string; readonly toleranceMs: number },
): void {
  const isNear = (one: unknown, other: unknown) =>
    one === other ||
    (typeof one === 'number' &&
      typeof other === 'number' &&
      Math.abs(one - other) <= given.toleranceMs);
  const isSame =
    shown.length === expected.length &&
    shown.every((fact, index) =>
      Object.entries(fact).every(([name, value]) => isNear(value, expected[index]?.[name])),
    );
  if (!isSame) expect(shown, given.what).toEqual(expected);
}

function inOrder(facts: readonly Fact[]): readonly Fact[] {
  const key = (fact: Fact) => `${fact.address} ${fact.holder} ${fact.lists} ${fact.until}`;
  return facts.toSorted((left, right) => key(left).localeCompare(key(right)));
}

/** Several at one instant are in no order. */
function inTime<Told extends Fact & { readonly at: number }>(
  facts: readonly Told[],
): readonly Told[] {
  const key = ({ at: _at, until: _until, ...fact }: Told) => JSON.stringify(fact);
  return facts.toSorted((a, b) => a.at - b.at || key(a).localeCompare(key(b)));
}

function listsText(lists: readonly string[]): string {
  return [...lists].sort().join(' ');
}

function timeOf(iso: string | null): number {
  return iso === null ? Number.POSITIVE_INFINITY : Date.parse(iso);
}
