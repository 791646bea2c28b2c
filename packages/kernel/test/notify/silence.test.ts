import { describe, expect, it } from 'vitest';
import type { Hold } from '../../src/ledger/ledger.ts';
import { silenceReason } from '../../src/notify/silence.ts';

const rungs = ['week', 'for-ever'];
const hold = (holder: string, given: Partial<Hold> = {}): Hold => ({
  ...{ holder, via: holder, target: '192.0.2.1', since: 0, until: 1_000, observed: false },
  ...given,
});

describe(silenceReason.name, () => {
  it.each<[string, string, readonly Hold[], string | undefined]>([
    ['a jail, nobody else', 'sshd', [], undefined],
    ['a jail, another jail', 'sshd', [hold('web')], undefined],
    ['a jail, a rung', 'sshd', [hold('web'), hold('week')], 'week holds the address already'],
    [
      'a jail, two rungs',
      'sshd',
      [hold('for-ever'), hold('week')],
      'for-ever holds the address already',
    ],
    ['a rung, itself', 'week', [hold('week')], 'week holds the address already'],
    ['a rung, one further up', 'week', [hold('for-ever')], 'for-ever holds the address already'],
    ['a rung, one further down', 'for-ever', [hold('week')], undefined],
    ['a jail, a rung that has ended', 'sshd', [hold('week', { until: 10 })], undefined],
    ['a jail, a rung that only observes', 'sshd', [hold('week', { observed: true })], undefined],
  ])('%s', (_what, holder, holds, reason) => {
    expect(silenceReason({ holder }, { holds, rungs, now: 10 })).toBe(reason);
  });
});
