import { describe, expect, it } from 'vitest';
import { endsHold, holdAfter, viaOf } from '../../src/ledger/hold-rule.ts';
import type { Hold } from '../../src/ledger/ledger.ts';
import { entry } from './builders.ts';

const live: Hold = {
  holder: 'sshd',
  via: 'sshd',
  target: '192.0.2.1',
  since: 500,
  until: 3_000,
  observed: false,
};

describe(holdAfter.name, () => {
  it.each([
    ['a first ban', undefined, entry('ban'), { since: 1_000, until: 2_000 }],
    ['a ban that ends sooner', live, entry('ban'), { since: 500, until: 3_000 }],
    ['a ban that ends later', live, entry('ban', { until: 4_000 }), { since: 500, until: 4_000 }],
    ['a ban for ever', live, entry('ban', { until: null }), { since: 500, until: null }],
    ['a ban on one for ever', { ...live, until: null }, entry('ban'), { since: 500, until: null }],
    [
      'a ban after the hold ended, not yet expired',
      { ...live, until: 1_000 },
      entry('ban'),
      { since: 1_000, until: 2_000 },
    ],
    ['a shorter extend', live, entry('extend'), { since: 500, until: 2_000 }],
    ['an extend of no hold', undefined, entry('extend'), { since: 1_000, until: 2_000 }],
    [
      'an enforced ban on an observed hold',
      { ...live, observed: true },
      entry('ban'),
      { since: 1_000, until: 2_000, observed: false },
    ],
    [
      'an observed ban on an enforced hold',
      live,
      entry('ban', { until: 9_000, details: { observed: true } }),
      { since: 500, until: 3_000, observed: false },
    ],
    [
      'an observed ban',
      undefined,
      entry('ban', { details: { observed: true } }),
      { observed: true },
    ],
  ])('after %s', (_what, current, given, expected) => {
    expect(holdAfter(current, given)).toMatchObject(expected);
  });

  it('makes no hold of a ban that was over when it was decided', () => {
    expect(holdAfter(undefined, entry('ban', { details: { ended: true } }))).toBeUndefined();
    expect(holdAfter(live, entry('ban', { until: 9_000, details: { ended: true } }))).toBe(live);
  });
});

describe(endsHold.name, () => {
  it.each([
    ['unban, any via', entry('unban'), live, true],
    ['unban, this via', entry('unban', { details: { via: 'sshd' } }), live, true],
    ['unban, another via', entry('unban', { details: { via: 'nginx' } }), live, false],
    ['expire of what has ended', entry('expire', { at: 3_000 }), live, true],
    ['expire of another of the holder', entry('expire', { at: 2_999 }), live, false],
    ['expire by via', entry('expire', { at: 1, details: { via: 'sshd' } }), live, true],
  ])('%s', (_what, given, hold, expected) => {
    expect(endsHold(given, hold)).toBe(expected);
  });
});

describe(viaOf.name, () => {
  it('is the holder unless the entry names a jail or, by an empty name, the default lists', () => {
    expect(viaOf(entry('ban'))).toBe('sshd');
    expect(viaOf(entry('ban', { holder: 'admin', details: { via: 'nginx' } }))).toBe('nginx');
    expect(viaOf(entry('ban', { holder: 'admin', details: { via: '' } }))).toBe('');
  });
});
