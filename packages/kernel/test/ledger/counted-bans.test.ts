import type { LedgerEntry } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { countedBans } from '../../src/ledger/counted-bans.ts';
import { entry } from './builders.ts';

const ban = (at: number, rest: Partial<LedgerEntry> = {}) =>
  entry('ban', { at, until: at + 100, details: { offences: 3 }, ...rest });
const mistake = (at: number, rest: Partial<LedgerEntry> = {}) =>
  entry('unban', { at, details: { mistake: true }, ...rest });

describe(countedBans.name, () => {
  it.each<[string, readonly LedgerEntry[], readonly number[]]>([
    ['every ban of a jail', [ban(1), ban(200), ban(400, { holder: 'nginx' })], [1, 200, 400]],
    ['one that was over already', [ban(1, { details: { offences: 3, ended: true } })], [1]],
    ['none that is observed', [ban(1, { details: { offences: 3, observed: true } })], []],
    ['none of admin', [ban(1, { holder: 'admin', details: { reason: 'rude' } })], []],
    ['none of a range', [ban(1, { holder: 'network' })], []],
    ['none of a rung, which counts no offences', [ban(1, { holder: 'rung', details: {} })], []],
    ['not the one lifted as a mistake', [ban(1), mistake(50)], []],
    ['the one lifted otherwise', [ban(1), entry('unban', { at: 50 })], [1]],
    ['bans before and after a mistake', [ban(1), ban(200), mistake(250), ban(300)], [1, 300]],
    [
      'the ban before one that was lifted early',
      [ban(1), entry('unban', { at: 50 }), ban(60), mistake(70)],
      [1],
    ],
    ['no ban that lengthened the hold', [ban(1), ban(50), mistake(60)], []],
    [
      'not the last hold, when a mistake is found out after its end',
      [ban(1), entry('expire', { at: 101 }), ban(200), entry('expire', { at: 300 }), mistake(400)],
      [1],
    ],
    ['what another holder did', [ban(1), mistake(50, { holder: 'nginx' })], [1]],
    [
      'what the holder did by other lists',
      [ban(1), mistake(50, { details: { mistake: true, via: 'nginx' } })],
      [1],
    ],
    [
      'an extended hold as one',
      [ban(1), entry('extend', { at: 50, until: 500 }), ban(300), mistake(310)],
      [],
    ],
  ])('counts %s', (_what, entries, times) => {
    expect(countedBans(entries).map(({ at }) => at)).toEqual(times);
  });
});
