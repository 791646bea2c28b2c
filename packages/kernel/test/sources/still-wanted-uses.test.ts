import { describe, expect, it } from 'vitest';
import { stillWantedUses } from '../../src/sources/still-wanted-uses.ts';

const use = (id: string, options: unknown, ...jails: string[]) => ({
  id,
  options,
  jails,
  lookBackMs: 1_000,
});

describe(stillWantedUses.name, () => {
  it.each([
    ['the same', [use('a', 1, 'x')], [use('b', 1, 'x')], ['a']],
    ['other jails of its only use', [use('a', 1, 'x')], [use('b', 1, 'y', 'z')], ['a']],
    [
      'the same in another order',
      [use('a', { p: [1] }, 'x', 'y'), use('b', 2, 'z')],
      [use('a', 2, 'z'), use('b', { p: [1] }, 'y', 'x')],
      ['b', 'a'],
    ],
    ['other options', [use('a', 1, 'x')], [use('a', 2, 'x')], undefined],
    ['one more', [use('a', 1, 'x')], [use('a', 1, 'x'), use('b', 2, 'x')], undefined],
    ['one less', [use('a', 1, 'x'), use('b', 2, 'x')], [use('a', 1, 'x')], undefined],
    [
      // A source can read one file for both, since they are for the same jails now.
      'several uses with other jails',
      [use('a', 1, 'x'), use('b', 2, 'y')],
      [use('a', 1, 'x', 'y'), use('b', 2, 'x', 'y')],
      undefined,
    ],
  ])('keeps an instance for %s, or not', (_what, known, wanted, ids) => {
    const kept = stillWantedUses(known, wanted);

    expect(kept?.map(({ id }) => id)).toEqual(ids);
    expect(kept?.map(({ jails }) => jails)).toEqual(ids && wanted.map(({ jails }) => jails));
  });
});
