import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Holds } from '../../src/holds/holds.ts';
import type { Hold } from '../../src/ledger/ledger.ts';

const hold = (target: string, until: number | null, holder = 'sshd'): Hold => ({
  holder,
  via: holder,
  target,
  since: 0,
  until,
  observed: false,
});

describe(Holds, () => {
  it('takes out what has ended, and only that', () => {
    const holds = new Holds();
    holds.set(hold('a', 10));
    holds.set(hold('a', 30, 'web'));
    holds.set(hold('b', null));

    expect(holds.takeExpired(10).map(({ holder }) => holder)).toEqual(['sshd']);
    expect(holds.of('a').map(({ holder }) => holder)).toEqual(['web']);
    expect(holds.size).toBe(2);
  });

  it('does not end a hold that was prolonged meanwhile', () => {
    const holds = new Holds();
    holds.set(hold('a', 10));
    holds.set(hold('a', 50));

    expect(holds.takeExpired(20)).toEqual([]);
    expect(holds.takeExpired(50)).toHaveLength(1);
    expect(holds.targets).toBe(0);
  });

  it('ends every hold once and at its time, in any order', () => {
    const ends = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 40 });
    fc.assert(
      fc.property(ends, (untils) => {
        const holds = new Holds();
        for (const [index, until] of untils.entries()) holds.set(hold(`t${index}`, until));
        const ended: number[] = [];
        for (let now = 0; now <= 100; now += 7) {
          for (const { until } of holds.takeExpired(now)) ended.push(until ?? 0);

          expect(ended.length).toBe(untils.filter((until) => until <= now).length);
        }
        expect(ended).toEqual(ended.toSorted((a, b) => a - b));
      }),
    );
  });
});
