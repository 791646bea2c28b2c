import { describe, it } from 'vitest';
import { Enforcer } from '../../src/enforce/enforcer.ts';
import { PromiseModel, type Step } from './promise-model.ts';
import type { ListSetup } from './world.ts';

const minute = 60_000;
const hour = 60 * minute;
const [a, b, range] = ['192.0.2.1', '192.0.2.2', '192.0.2.0/24'];

const two = (given: Partial<ListSetup>, maxTimeoutMs = 0): ListSetup => ({
  key: 'two',
  ownership: 'own',
  holders: ['short', 'long'],
  watchable: false,
  ...given,
  limits: { maxTimeoutMs, ...given.limits },
});
const ban = (targets: readonly string[], forMs: number | null, recorded = false): Step => ({
  op: 'ban',
  holder: 'short',
  targets,
  forMs,
  recorded,
});
const foreign = (target: string, forMs: number | null): Step => ({
  op: 'foreign',
  list: 'two',
  target,
  forMs,
});
const advance = (ms: number): Step => ({ op: 'advance', ms });
const hang: Step = { op: 'hang', list: 'two', on: true };

/** What the property test found, shrunk. */
const found: Readonly<Record<string, readonly [ListSetup, readonly Step[]]>> = {
  'a late add, after its row was dropped, looked like an entry of somebody else': [
    two({ ownership: 'shared' }),
    [hang, ban([a], 1_000), advance(31_000)],
  ],
  'an entry that a thrown batch had taken over was left to its former owner': [
    two({ ownership: 'shared' }, hour),
    [
      foreign(a, 1_000),
      { op: 'step', ms: -hour },
      { op: 'fail', list: 'two', times: 1, applied: true, timedOut: false },
      ban([a], null),
    ],
  ],
  'an entry of somebody else that had ended counted as blocking': [
    two({ ownership: 'shared', watchable: true }, hour / 2),
    [foreign(a, 1_000), advance(61_000), hang, ban([a], hour)],
  ],
  'what a lost container held was not repaired after a batch had failed': [
    two({}, 24 * hour),
    [
      ban([a], 1_000),
      { ...ban([range], 1_000), quick: true },
      { op: 'wipe', list: 'two', container: true },
    ],
  ],
  'an entry about to end made room that was not there, without end': [
    two({ limits: { maxEntries: 1 } }, 24 * hour),
    [
      ban([a], 1_000),
      { op: 'poison', list: 'two', target: b },
      ban([b], null),
      advance(999),
      { op: 'unban', holder: 'short', target: a },
      advance(5_000),
    ],
  ],
  'an entry that somebody else entered again, to end a moment sooner, read as ours': [
    two({}, 24 * hour),
    [
      advance(1),
      ban([b, a], 1_000),
      { op: 'step', ms: -minute },
      { op: 'poison', list: 'two', target: a },
      ban([a], 1_000),
      foreign(a, minute),
      advance(31_000),
      ban([a], 3 * hour),
    ],
  ],
  'a flush under way showed its list as whole': [
    two({ ownership: 'shared' }),
    [
      ban([a, b], 1_000),
      hang,
      { op: 'unforeign', list: 'two', target: a },
      { op: 'flush', list: 'two' },
    ],
  ],
};

describe(Enforcer, () => {
  for (const [what, [setup, steps]] of Object.entries(found)) {
    it(`keeps promise 1 where once ${what}`, () => new PromiseModel([setup]).play(steps));
  }
});
