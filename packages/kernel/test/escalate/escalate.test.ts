import type { LedgerEntry, RungConfig } from '@remand/api';
import { FakeClock } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { AddressRecord } from '../../src/escalate/address-record.ts';
import { escalate } from '../../src/escalate/escalate.ts';
import { newEntryId } from '../../src/ledger/entry-id.ts';

const minute = 60_000;
const clock = new FakeClock(0);
const attacker = '198.51.100.1';

const newEntry = (entry: Omit<LedgerEntry, 'id' | 'host'>): LedgerEntry => ({
  id: newEntryId(clock),
  host: 'host',
  ...entry,
});

/** Three bans within an hour are followed by a ban of a day. */
function rung(given: Partial<RungConfig> = {}): RungConfig {
  const name = given.name ?? 'repeat';
  return {
    ...{ name, after: 3, withinMs: 60 * minute, banTimeMs: 1440 * minute },
    path: ['escalation', 0],
    ...given,
  };
}

/** What happens to one address, one thing after the other; times are in minutes. */
class Story {
  readonly entries: LedgerEntry[] = [];
  readonly #rungs: readonly RungConfig[];

  constructor(...rungs: readonly RungConfig[]) {
    this.#rungs = rungs;
  }

  /** A ban of ten minutes by a jail. @returns the rungs that it fires */
  ban(at: number, holder = 'sshd', details: LedgerEntry['details'] = {}): readonly string[] {
    const offences = details.ended === undefined && holder === 'admin' ? {} : { offences: 3 };
    const ban = newEntry({
      ...{ kind: 'ban', holder, address: attacker },
      ...{ at: at * minute, until: (at + 10) * minute },
      details: { ...offences, ...details },
    });
    this.entries.push(ban);
    const record = AddressRecord.of(this.#rungs, this.entries);
    const made = escalate(ban, record, {
      rungs: this.#rungs.map((config) => ({ config })),
      newEntry,
      now: at * minute,
    });
    this.entries.push(...made);
    return made
      .filter(({ kind }) => kind === 'escalate')
      .map((one) => (one.details?.observed ? `${one.holder} (observed)` : one.holder));
  }

  unban(at: number, holder: string, details: LedgerEntry['details'] = {}): void {
    this.entries.push(
      newEntry({ kind: 'unban', holder, address: attacker, at: at * minute, details }),
    );
  }

  of(holder: string, kind: LedgerEntry['kind']): readonly LedgerEntry[] {
    return this.entries.filter((entry) => entry.holder === holder && entry.kind === kind);
  }
}

describe(escalate.name, () => {
  it('escalates at the after-th ban, with the true time, and says what it counted', () => {
    const story = new Story(rung());

    expect([story.ban(0), story.ban(20), story.ban(40)]).toEqual([[], [], ['repeat']]);

    const counted = story.of('sshd', 'ban').map(({ id }) => id);
    const about = { at: 40 * minute, until: 1480 * minute, address: attacker };
    const details = { via: 'sshd', reason: '3 bans within 1h' };
    expect(story.of('repeat', 'escalate')).toMatchObject([
      { ...about, details: { ...details, counted } },
    ]);
    expect(story.of('repeat', 'ban')).toMatchObject([{ ...about, details }]);
  });

  it.each([
    ['a ban that is not yet an hour old', 59.999, ['repeat']],
    ['no ban that is exactly an hour old', 60, []],
  ])('counts %s', (_what, last, fired) => {
    const story = new Story(rung());
    story.ban(0);
    story.ban(20);

    expect(story.ban(last)).toEqual(fired);
  });

  it('counts by the times of the bans, whatever their order', () => {
    const story = new Story(rung());
    story.ban(40);
    story.ban(0);

    expect(story.ban(20)).toEqual(['repeat']);
    expect(story.of('repeat', 'escalate')[0]?.at).toBe(40 * minute);
  });

  it('uses up what it counted, and counts nothing while its own hold is live', () => {
    const story = new Story(rung({ banTimeMs: 60 * minute }));
    for (const at of [0, 10, 20]) story.ban(at);

    // Until 80 the rung holds it.
    expect([30, 45, 79.9].flatMap((at) => story.ban(at))).toEqual([]);
    expect([80, 95].flatMap((at) => story.ban(at))).toEqual([]);
    expect(story.ban(110)).toEqual(['repeat']);
    expect(story.of('repeat', 'escalate')[1]?.details?.counted).toHaveLength(3);
  });

  it('counts again when somebody lifted its hold', () => {
    const story = new Story(rung());
    for (const at of [0, 10, 20]) story.ban(at);
    story.unban(25, 'repeat');

    expect([30, 45, 55].map((at) => story.ban(at))).toEqual([[], [], ['repeat']]);
  });

  it.each<[string, (story: Story) => void]>([
    ['a ban by admin', (story) => story.ban(30, 'admin')],
    ['a range', (story) => story.ban(30, 'network')],
    [
      'a ban lifted as a mistake',
      (story) => {
        story.ban(30);
        story.unban(31, 'sshd', { mistake: true });
      },
    ],
    ['a ban that is only observed', (story) => story.ban(30, 'sshd', { observed: true })],
  ])('does not count %s towards what it enforces', (_what, act) => {
    const story = new Story(rung());
    story.ban(0);
    act(story);

    expect(story.ban(50).filter((name) => name === 'repeat')).toEqual([]);
  });

  it.each<[string, (story: Story) => void]>([
    ['a ban that was over already', (story) => story.ban(30, 'sshd', { ended: true })],
    ['a ban of another jail', (story) => story.ban(30, 'web')],
    [
      'a ban that was lifted without saying that it was a mistake',
      (story) => {
        story.ban(30);
        story.unban(31, 'sshd');
      },
    ],
  ])('counts %s', (_what, act) => {
    const story = new Story(rung());
    story.ban(0);
    act(story);

    expect(story.ban(50)).toEqual(['repeat']);
  });

  it('counts the named jails alone, and does not fire at the ban of another', () => {
    const story = new Story(rung({ jails: ['sshd', 'mail'] }));

    expect([story.ban(0), story.ban(1, 'web'), story.ban(2, 'mail')].flat()).toEqual([]);
    expect(story.ban(3, 'web')).toEqual([]);
    expect(story.ban(20)).toEqual(['repeat']);
  });

  describe('of another rung', () => {
    const ladder = [
      rung({ banTimeMs: 20 * minute }),
      rung({ name: 'ever', of: 'repeat', after: 2, withinMs: 600 * minute, banTimeMs: null }),
    ];

    it('counts its escalations, and fires together with it', () => {
      const story = new Story(...ladder);
      for (const at of [0, 10]) story.ban(at);
      expect(story.ban(20)).toEqual(['repeat']);
      for (const at of [40, 50]) story.ban(at);

      expect(story.ban(60)).toEqual(['repeat', 'ever']);

      expect(story.of('ever', 'ban')).toMatchObject([
        { until: null, details: { via: 'sshd', reason: '2 escalations to repeat within 10h' } },
      ]);
      expect(story.of('ever', 'escalate')[0]?.details?.counted).toEqual(
        story.of('repeat', 'escalate').map(({ id }) => id),
      );
    });

    it('does not count one that was lifted as a mistake', () => {
      const story = new Story(...ladder);
      for (const at of [0, 10, 20]) story.ban(at);
      story.unban(25, 'repeat', { mistake: true });
      for (const at of [30, 41]) story.ban(at);

      expect(story.ban(52)).toEqual(['repeat']);
    });
  });

  describe('with a jail that observes', () => {
    const observed = { observed: true };

    it('records what would be as observed', () => {
      const story = new Story(rung());
      story.ban(0, 'web', observed);
      story.ban(20, 'web', observed);

      expect(story.ban(40, 'web', observed)).toEqual(['repeat (observed)']);
      expect(story.of('repeat', 'ban')).toMatchObject([{ details: observed }]);
      expect([50, 60, 70].flatMap((at) => story.ban(at, 'web', observed))).toEqual([]);
    });

    it('lets its bans count with enforced ones for what is observed', () => {
      const story = new Story(rung());
      story.ban(0);
      story.ban(10);

      expect(story.ban(20, 'web', observed)).toEqual(['repeat (observed)']);
    });

    it('enforces just as if the observing jail were not there', () => {
      const story = new Story(rung());
      story.ban(0, 'web', observed);
      story.ban(1);
      expect(story.ban(15)).toEqual(['repeat (observed)']);

      expect(story.ban(30)).toEqual(['repeat']);
      expect(story.of('repeat', 'escalate')[1]?.details?.counted).toHaveLength(3);
    });
  });

  it('uses up what it enforced also for what is only observed', () => {
    const story = new Story(rung({ banTimeMs: 5 * minute }));
    story.ban(0, 'web', { observed: true });
    for (const at of [1, 12]) story.ban(at);
    expect(story.ban(24)).toEqual(['repeat']);

    expect([30, 41].flatMap((at) => story.ban(at, 'web', { observed: true }))).toEqual([]);
  });

  it('fires at a ban that it counts alone, also when it is due', () => {
    const fuseTripped = new Story(rung({ after: 100, jails: ['sshd'] }));
    for (const at of [0, 11, 22]) fuseTripped.ban(at);
    const story = new Story(rung({ jails: ['sshd'] }));
    story.entries.push(...fuseTripped.entries);

    expect(story.ban(30, 'web')).toEqual([]);
    expect(story.ban(33)).toEqual(['repeat']);
  });

  it('records an escalation that is over already as ended', () => {
    const story = new Story(rung({ banTimeMs: minute }));
    story.ban(0);
    story.ban(40);
    // Read late: the newest of the three lines is from 40.
    story.ban(20);

    expect(story.of('repeat', 'ban')[0]?.details?.ended).toBeUndefined();
    const late = new Story(rung({ banTimeMs: minute }));
    late.ban(0);
    late.ban(10);
    const ban = newEntry({
      ...{ kind: 'ban', holder: 'sshd', address: attacker, at: 20 * minute, until: 30 * minute },
      details: { offences: 3, ended: true },
    });
    const config = rung({ banTimeMs: minute });
    const made = escalate(ban, AddressRecord.of([config], [...late.entries, ban]), {
      rungs: [{ config }],
      newEntry,
      now: 50 * minute,
    });
    expect(made.map(({ details }) => details?.ended)).toEqual([true, true]);
  });
});
