import { notifyDefaults } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { resolveNotify } from '../src/resolve-notify.ts';

describe(resolveNotify.name, () => {
  it('is the defaults where nothing is written', () => {
    expect(resolveNotify(undefined)).toEqual(notifyDefaults);
    expect(resolveNotify({})).toEqual(notifyDefaults);
  });

  it('takes every part', () => {
    const written = {
      ...{ gather: '1m', burst: 3, refill: 600, most: 5, digest: 'weekly', digestAt: '23:45' },
      ...{ quietWhenEscalated: false, restored: true, startAndStop: true, leaveOut: ['unban'] },
    };

    expect(resolveNotify(written)).toEqual({
      ...{ gatherMs: 60_000, burst: 3, refillMs: 600_000, most: 5 },
      digest: { every: 'week', atMinute: 1_425 },
      ...{ quietWhenEscalated: false, restored: true, startAndStop: true, leaveOut: ['unban'] },
    });
  });

  it('keeps the rest when one part is wrong', () => {
    expect(resolveNotify({ gather: 'soon', digest: 'off', burst: 2 })).toEqual({
      ...notifyDefaults,
      digest: null,
      burst: 2,
    });
  });
});
