import fc from 'fast-check';
import { rungProblems } from '../../src/escalate/rung-problems.ts';
import { jailOf, rungsOf } from './config-of.ts';
import type { JailRule, ListRule, NetworkRule, Rules, RungRule } from './rules.ts';
import type { Step } from './steps.ts';
import { addresses, allTargets, oneAddress } from './world-map.ts';

const forever = Number.POSITIVE_INFINITY;
const keys = ['a', 'b', 'c'] as const;
const jailNames = ['ssh', 'slow', 'web', 'look'] as const;

const list = fc.constantFrom(...keys);
const address = fc.constantFrom(...addresses, '203.0.113.1');
const what = fc.constantFrom(...allTargets, oneAddress);
const program = fc.constantFrom('ssh', 'web');
const banMs = fc.constantFrom(3_000, 10_000, 10_000, 45_000, 45_000, forever);
const someLists = fc.subarray([...keys], { minLength: 1, maxLength: 2 });

const lines = fc.record({ program, address, times: fc.integer({ min: 1, max: 4 }) });

const listRule = (key: string): fc.Arbitrary<ListRule> =>
  fc
    .record({
      ownership: fc.constantFrom('own' as const, 'shared' as const),
      watchable: fc.boolean(),
      maxTimeoutMs: fc.constantFrom(0, 20_000, 86_400_000),
      families: fc.constantFrom([4, 6] as const, [4, 6] as const, [4] as const),
      ranges: fc.constantFrom(true, true, false),
      maxEntries: fc.constantFrom(undefined, undefined, undefined, 3),
    })
    .map(({ maxEntries, ...rule }) => ({
      key,
      ...rule,
      // In a shared list others could take the room and give it back unseen.
      ...(maxEntries !== undefined && rule.ownership === 'own' && { maxEntries }),
    }));

const jailRule = (name: (typeof jailNames)[number]): fc.Arbitrary<JailRule> =>
  fc
    .record({
      findMs: fc.constantFrom(5_000, 30_000, 300_000),
      maxRetry: fc.integer({ min: 1, max: 4 }),
      banMs,
      growth: fc.boolean(),
      known: fc.option(
        fc.record({ maxRetry: fc.constant(1), withinMs: fc.constantFrom(20_000, 300_000) }),
        { nil: undefined, freq: 3 },
      ),
      lists: someLists,
    })
    .map(({ growth, known, ...rule }) => ({
      name,
      program: name === 'ssh' || name === 'slow' ? 'ssh' : 'web',
      observe: name === 'look',
      ...rule,
      ...(known && { known }),
      ...(growth &&
        Number.isFinite(rule.banMs) && {
          growth: { factor: 3, maxMs: 5 * rule.banMs, forgetMs: 30_000 },
        }),
    }));

const rung = fc.record({
  after: fc.integer({ min: 1, max: 3 }),
  withinMs: fc.constantFrom(20_000, 120_000, 3_600_000),
  banMs,
  lists: fc.option(someLists, { nil: undefined }),
});

const rungs: fc.Arbitrary<readonly RungRule[]> = fc
  .tuple(rung, rung, rung, fc.option(fc.subarray([...jailNames], { minLength: 1 })))
  .chain(([first, second, third, jails]) => {
    const clean = ({ lists, ...rule }: typeof first) => ({ ...rule, ...(lists && { lists }) });
    return fc
      .subarray([
        { name: 'repeat', ...clean(first) },
        { name: 'some', ...clean(second), ...(jails && { jails }) },
      ])
      .map((made) => [
        ...made,
        ...(made[0]?.name === 'repeat' ? [{ name: 'ever', ...clean(third), of: 'repeat' }] : []),
      ]);
  });

const network = fc
  .record({
    after: fc.constantFrom(2, 2, 3),
    withinMs: fc.constantFrom(20_000, 120_000, 3_600_000),
    banMs,
    // One width of a family: how ranges count in wider ones is not in the model.
    widths: fc.constantFrom(['/31'], ['/24'], ['/63'], ['/24', '/63'], ['/31', '/63']),
    jails: fc.option(fc.subarray([...jailNames], { minLength: 1 }), { nil: undefined }),
    lists: fc.option(someLists, { nil: undefined }),
  })
  .map(({ jails, lists, ...rule }): NetworkRule => {
    // Of three addresses that are near enough there are only some, and none of three networks.
    const isNarrow = (width: string) => rule.after > 2 && width !== '/24';
    const widths = rule.widths.filter((width) => !isNarrow(width));
    return {
      ...rule,
      widths: widths.length > 0 ? widths : ['/24'],
      ...(jails && { jails }),
      ...(lists && { lists }),
    };
  });

/** A configuration; of its rungs those that remand does not refuse, of its lists those in use. */
export const rules: fc.Arbitrary<Rules> = fc
  .record({
    jails: fc.tuple(...jailNames.map(jailRule)),
    rungs,
    network: fc.option(network, { nil: undefined }),
    lists: fc.tuple(...keys.map(listRule)),
    adminLists: someLists,
    adminBanMs: banMs,
    fuseBans: fc.constantFrom(3, 1_000, 1_000, 1_000),
  })
  .map(({ rungs: drawn, network: ranges, ...given }) => {
    const kept: RungRule[] = [];
    for (const one of drawn) {
      const configs = rungsOf([...kept, one], () => []);
      if (rungProblems(configs, given.jails.map(jailOf)).length === 0) kept.push(one);
    }
    const holders = [...given.jails, ...kept, ...(ranges ? [ranges] : [])];
    const used = [...given.adminLists, ...holders.flatMap((holder) => holder.lists ?? [])];
    const lists = given.lists.filter(({ key }) => used.includes(key));
    return { ...given, rungs: kept, ...(ranges && { network: ranges }), lists };
  });

const weighted = <T extends Step>(weight: number, arbitrary: fc.Arbitrary<T>) => ({
  weight,
  arbitrary,
});

const unban = fc.record({
  do: fc.constant('unban' as const),
  nth: fc.nat(9),
  which: fc.constantFrom('only' as const, 'holder' as const, 'holder' as const, 'all' as const),
  mistake: fc.boolean(),
});
const allowable = fc.constantFrom(...allTargets.filter((target) => !target.startsWith('203')));

/** Something that happens. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  weighted(
    16,
    lines.map((some) => ({ do: 'lines' as const, ...some })),
  ),
  weighted(
    6,
    fc.record({
      do: fc.constant('ban' as const),
      what,
      jail: fc.constantFrom(undefined, 'ssh', 'web'),
      forMs: fc.option(banMs, { nil: undefined }),
    }),
  ),
  weighted(6, unban),
  weighted(
    1,
    fc.record({
      do: fc.constant('allow' as const),
      what: allowable,
      forMs: fc.constantFrom(3_000, 10_000, 10_000, forever),
    }),
  ),
  weighted(
    5,
    fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 700, 4_000, 9_000, 31_000),
    }),
  ),
  weighted(5, fc.constant({ do: 'passToEnd' as const })),
  weighted(
    3,
    fc.record({
      do: fc.constant('crash' as const),
      list,
      when: fc.constantFrom('now' as const, 'before' as const, 'after' as const),
    }),
  ),
  weighted(
    2,
    fc.record({
      do: fc.constant('restart' as const),
      downMs: fc.constantFrom(1, 4_000, 50_000),
      lines: fc.array(lines, { maxLength: 3 }),
      wiped: fc.option(list, { nil: undefined, freq: 3 }),
    }),
  ),
  weighted(2, fc.record({ do: fc.constant('wipe' as const), list, container: fc.boolean() })),
  weighted(2, fc.record({ do: fc.constant('takeOut' as const), list, nth: fc.nat(9) })),
  weighted(
    3,
    fc.record({
      do: fc.constant('putIn' as const),
      list,
      what: fc.constantFrom(...allTargets),
      forMs: banMs,
    }),
  ),
  weighted(
    3,
    fc.record({
      do: fc.constant('fail' as const),
      list,
      how: fc.constantFrom('before' as const, 'after' as const, 'partly' as const),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  ),
  weighted(2, fc.record({ do: fc.constant('away' as const), list, on: fc.boolean() })),
  weighted(
    2,
    fc.record({
      do: fc.constant('refuse' as const),
      list,
      what: fc.constantFrom(...allTargets),
      on: fc.boolean(),
    }),
  ),
  weighted(1, fc.record({ do: fc.constant('flush' as const), list })),
  weighted(2, fc.record({ do: fc.constant('reload' as const) })),
);

/** Something that happens in seconds, on lists whose programs answer slowly. */
export function shortStep(lists: readonly string[]): fc.Arbitrary<Step> {
  const one = fc.constantFrom(...lists);
  const short = fc.constantFrom(3_000, 86_400_000, forever);
  return fc.oneof(
    weighted(
      12,
      lines.map((some) => ({ do: 'lines' as const, ...some })),
    ),
    weighted(
      5,
      fc.record({
        do: fc.constant('ban' as const),
        what,
        jail: fc.constantFrom(undefined, 'ssh', 'web'),
        forMs: fc.option(short, { nil: undefined }),
      }),
    ),
    weighted(5, unban),
    weighted(
      1,
      fc.record({ do: fc.constant('allow' as const), what: allowable, forMs: fc.constant(4_000) }),
    ),
    weighted(2, fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(50, 2_000) })),
    weighted(
      2,
      fc.record({
        do: fc.constant('crash' as const),
        list: one,
        when: fc.constantFrom('now' as const, 'before' as const, 'after' as const),
      }),
    ),
    weighted(
      2,
      fc.record({
        do: fc.constant('restart' as const),
        // Shorter than any ban, so that nothing depends on how long a start takes.
        downMs: fc.constant(1_500),
        lines: fc.array(lines, { maxLength: 2 }),
        wiped: fc.option(one, { nil: undefined, freq: 3 }),
      }),
    ),
    weighted(
      1,
      fc.record({ do: fc.constant('wipe' as const), list: one, container: fc.boolean() }),
    ),
    weighted(1, fc.record({ do: fc.constant('takeOut' as const), list: one, nth: fc.nat(9) })),
    weighted(
      1,
      fc.record({
        do: fc.constant('putIn' as const),
        list: one,
        what: fc.constantFrom('192.0.2.1', '198.51.100.1', '2001:db8:0:1::/64'),
        forMs: fc.constant(forever),
      }),
    ),
    weighted(
      2,
      fc.record({
        do: fc.constant('fail' as const),
        list: one,
        how: fc.constantFrom('before' as const, 'after' as const, 'partly' as const),
        times: fc.constant(1),
      }),
    ),
    weighted(1, fc.record({ do: fc.constant('flush' as const), list: one })),
    weighted(2, fc.record({ do: fc.constant('reload' as const) })),
  );
}
