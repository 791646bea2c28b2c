import { DatabaseSync } from 'node:sqlite';
import { CommandError, InternalError, type LedgerEntry } from '@remand/api';
import { memoryLogger } from '@remand/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../src/ledger/migrations.ts';
import { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { clock, entry, memoryLedger, notice } from './builders.ts';

const everything = Number.NEGATIVE_INFINITY;
const offence = (at: number, address = '192.0.2.1', line = 'a line') => ({
  jail: 'sshd',
  address,
  at,
  line,
});

describe(SqliteLedger.name, () => {
  it('gives back what was committed', () => {
    const ledger = memoryLedger();
    const ban = entry('ban', { until: null, details: { evidence: ['a\0b\n'], offences: 3 } });
    const note = entry('still-seen', { at: 1_001 });

    ledger.commit({
      bookmarks: [{ stream: 'file:/a\nb\0c', value: '{"at":"\0é"}', at: 7 }],
      offences: [offence(999, '192.0.2.1', 'x\0y\n')],
      entries: [ban, note],
      addRows: [
        { list: 'nftables/sshd', target: '192.0.2.1' },
        { list: 'nftables', target: '192.0.2.2' },
      ],
    });

    expect(ledger.bookmark('file:/a\nb\0c')).toEqual({ value: '{"at":"\0é"}', at: 7 });
    expect(ledger.bookmark('file:/a')).toBeUndefined();
    expect([...ledger.offencesSince(0)]).toEqual([offence(999, '192.0.2.1', 'x\0y\n')]);
    expect(ledger.entriesOf('192.0.2.1', 10)).toEqual([ban, note]);
    expect([...ledger.rows('nftables/sshd')]).toEqual(['192.0.2.1']);
    expect([...ledger.liveHolds(1_000)]).toEqual([
      {
        holder: 'sshd',
        via: 'sshd',
        target: '192.0.2.1',
        since: 1_000,
        until: null,
        observed: false,
      },
    ]);
  });

  it('replaces a bookmark and removes rows', () => {
    const ledger = memoryLedger();
    const row = { list: 'l', target: '192.0.2.1' };

    ledger.commit({ bookmarks: [{ stream: 's', value: '1', at: 1 }], addRows: [row, row] });
    ledger.commit({ bookmarks: [{ stream: 's', value: '2', at: 2 }], removeRows: [row] });

    expect(ledger.bookmark('s')).toEqual({ value: '2', at: 2 });
    expect([...ledger.rows('l')]).toEqual([]);
  });

  it('walks through more rows and holds than it reads at one time', () => {
    const ledger = memoryLedger();
    const targets = Array.from(
      { length: 5_001 },
      (_, index) => `10.0.${index >> 8}.${index & 255}`,
    );

    const holders = ['a', 'b', 'c'];
    ledger.commit({
      entries: targets.flatMap((address) =>
        holders.map((holder) => entry('ban', { address, holder })),
      ),
      addRows: targets.map((target) => ({ list: 'l', target })),
    });

    expect([...ledger.rows('l')].sort()).toEqual([...targets].sort());
    const held = [...ledger.liveHolds(1_000)].map(({ target, holder }) => `${target} ${holder}`);
    expect(held).toHaveLength(targets.length * holders.length);
    expect(new Set(held).size).toBe(held.length);
  });

  it('changes nothing when an entry is applied twice', () => {
    const ledger = memoryLedger();
    const [ban, unban] = [entry('ban', { details: { offences: 3 } }), entry('unban')];
    ledger.commit({ entries: [ban, unban] });

    ledger.commit({ entries: [ban] });

    expect([...ledger.liveHolds(1_000)]).toEqual([]);
    expect(ledger.countedBans('192.0.2.1', 0)).toHaveLength(1);
  });

  it('tells live holds from those that ended without an entry', () => {
    const ledger = memoryLedger();
    ledger.commit({ entries: [entry('ban'), entry('ban', { holder: 'nginx', until: 5_000 })] });

    expect([...ledger.liveHolds(2_000)].map(({ holder }) => holder)).toEqual(['nginx']);
    expect([...ledger.endedHolds(2_000)].map(({ holder }) => holder)).toEqual(['sshd']);
  });

  it('ends the hold of one holder and leaves the others', () => {
    const ledger = memoryLedger();
    ledger.commit({
      entries: [
        entry('ban'),
        entry('ban', { holder: 'nginx' }),
        entry('ban', { holder: 'admin', details: { via: '' } }),
        entry('ban', { holder: 'admin', details: { via: 'sshd' } }),
      ],
    });

    ledger.commit({ entries: [entry('expire', { at: 2_000 })] });
    expect(namesOf(ledger)).toEqual(['admin/', 'admin/sshd', 'nginx/nginx']);

    ledger.commit({ entries: [entry('unban', { holder: 'admin', details: { via: 'sshd' } })] });
    expect(namesOf(ledger)).toEqual(['admin/', 'nginx/nginx']);

    ledger.commit({ entries: [entry('unban', { holder: 'admin' })] });
    expect(namesOf(ledger)).toEqual(['nginx/nginx']);
  });

  it('protects until the end of the newest allow', () => {
    const ledger = memoryLedger();

    ledger.commit({ entries: [entry('allow', { until: null }), entry('allow')] });

    expect(ledger.liveAllows(1_999)).toEqual([{ target: '192.0.2.1', until: 2_000 }]);
    expect(ledger.liveAllows(2_000)).toEqual([]);
  });

  it('rebuilds from the entries the very holds and allows that it kept', () => {
    const kinds = fc.constantFrom('ban', 'ban', 'extend', 'unban', 'expire', 'allow', 'escalate');
    const anEntry = fc.record({
      kind: kinds as fc.Arbitrary<LedgerEntry['kind']>,
      holder: fc.constantFrom('sshd', 'admin', 'rung'),
      address: fc.constantFrom('192.0.2.1', '192.0.2.0/24'),
      at: fc.integer({ min: 0, max: 30 }),
      lasts: fc.option(fc.integer({ min: 1, max: 20 })),
      details: fc.record(
        {
          via: fc.constantFrom('', 'sshd', 'nginx'),
          observed: fc.boolean(),
          ended: fc.boolean(),
          mistake: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(fc.array(anEntry, { maxLength: 40 }), (facts) => {
        const ledger = memoryLedger();
        for (const { lasts, ...rest } of facts) {
          const until = lasts === null ? null : rest.at + lasts;
          ledger.commit({ entries: [entry(rest.kind, { ...rest, until })] });
        }
        const kept = [[...ledger.liveHolds(0)], [...ledger.endedHolds(0)], ledger.liveAllows(0)];

        ledger.rebuildHolds();

        expect([[...ledger.liveHolds(0)], [...ledger.endedHolds(0)], ledger.liveAllows(0)]).toEqual(
          kept,
        );
        ledger.close();
      }),
    );
  });

  it('gives offences in the order in which they counted, from a time on', () => {
    const ledger = memoryLedger();
    ledger.commit({ offences: [offence(10), offence(30)] });
    ledger.commit({ offences: [offence(5)] });
    ledger.commit({ offences: [offence(25), offence(20)] });

    expect([...ledger.offencesSince(20)].map(({ at }) => at)).toEqual([30, 25, 20]);
    expect([...ledger.offencesSince(31)]).toEqual([]);
  });

  it('finds the newest offences and entries of one address', () => {
    const ledger = memoryLedger();
    for (const at of [1, 2, 3, 4]) {
      ledger.commit({
        offences: [offence(at), offence(at, '192.0.2.10')],
        entries: [entry('ban', { at }), entry('ban', { at, address: '192.0.2.10' })],
      });
    }

    expect(ledger.offencesOf('192.0.2.1', 3).map(({ at }) => at)).toEqual([2, 3, 4]);
    expect(ledger.entriesOf('192.0.2.1', 3).map(({ at }) => at)).toEqual([2, 3, 4]);
    expect(ledger.offencesOf('192.0.2.2', 3)).toEqual([]);
  });

  it('counts bans from a time on, and gives their times oldest first', () => {
    const ledger = memoryLedger();
    for (const at of [1_000, 5_000, 9_000]) {
      ledger.commit({ entries: [entry('ban', { at, until: at + 1, details: { offences: 3 } })] });
    }
    ledger.commit({ entries: [entry('ban', { at: 500, holder: 'nginx', address: '192.0.2.9' })] });

    expect(ledger.countedBans('192.0.2.1', 0)).toHaveLength(3);
    expect(ledger.countedBans('192.0.2.1', 5_000).map(({ at }) => at)).toEqual([5_000, 9_000]);
    expect([...ledger.bansSince(5_000)]).toEqual([
      { kind: 'ban', holder: 'sshd', address: '192.0.2.1', at: 5_000, until: 5_001 },
      { kind: 'ban', holder: 'sshd', address: '192.0.2.1', at: 9_000, until: 9_001 },
    ]);
  });

  it('forgets what is old, except what a live hold or allow needs', () => {
    const ledger = memoryLedger();
    const kept = { until: null, address: '192.0.2.3' };
    ledger.commit({
      offences: [offence(10)],
      entries: [
        entry('ban', { at: 10, until: 20 }),
        entry('ban', { at: 10, ...kept }),
        entry('allow', { at: 10, until: null, address: '192.0.2.4' }),
        entry('ban', { at: 100, until: 120, address: '192.0.2.5' }),
      ],
    });
    ledger.commit({ offences: [offence(100)] });

    expect(ledger.prune({ offences: 100, entries: 100 }, 110)).toBe(false);

    expect([...ledger.offencesSince(everything)].map(({ at }) => at)).toEqual([100]);
    const left = ['192.0.2.1', '192.0.2.3', '192.0.2.4', '192.0.2.5'].map(
      (address) => ledger.entriesOf(address, 9).length,
    );
    expect(left).toEqual([0, 1, 1, 1]);
    expect([...ledger.endedHolds(110)]).toEqual([]);
  });

  it('forgets later what a hold needed before', () => {
    const ledger = memoryLedger();
    ledger.commit({ entries: [entry('ban', { at: 10, until: null })] });
    ledger.prune({ offences: 0, entries: 100 }, 110);
    ledger.commit({ entries: [entry('unban', { at: 120 })] });

    ledger.prune({ offences: 0, entries: 200 }, 86_400_200);

    expect(ledger.entriesOf('192.0.2.1', 9)).toEqual([]);
  });

  it('forgets in slices and says when there is more', () => {
    const ledger = memoryLedger();
    const addresses = Array.from({ length: 7_000 }, (_, index) => `n${index}`);
    ledger.commit({ entries: addresses.map((address) => entry('still-seen', { address })) });

    expect(ledger.prune({ offences: 0, entries: 5_000 }, 9_000)).toBe(true);
    expect(ledger.prune({ offences: 0, entries: 5_000 }, 9_000)).toBe(false);
    expect(addresses.flatMap((address) => ledger.entriesOf(address, 1))).toEqual([]);
  });

  it('keeps notices for each notifier until they are delivered', () => {
    const ledger = memoryLedger();
    const [first, second] = [notice(), notice()];
    ledger.commit({
      notices: [
        { notifier: 'email', notice: first },
        { notifier: 'log', notice: first },
        { notifier: 'email', notice: second },
      ],
    });

    ledger.noticesDelayed('email', [first.id], 500);
    expect(ledger.dueNotices('email', 499, 9)).toEqual([{ notice: second, attempts: 0 }]);
    expect(ledger.dueNotices('email', 500, 1)).toEqual([{ notice: first, attempts: 1 }]);

    const sent = entry('notice-sent', { holder: 'email', details: { notice: first.id } });
    ledger.noticesDone('email', [first.id], [sent]);
    expect(ledger.queuedNotices('email')).toBe(1);
    expect(ledger.queuedNotices('log')).toBe(1);
    expect(ledger.entriesOf('192.0.2.1', 9)).toEqual([sent]);
  });

  it('sums up for one notifier what was not sent, without what others did not send', () => {
    const ledger = memoryLedger();
    const unsent = (holder: string, reason: string, notice?: string) =>
      entry('notice-suppressed', { holder, details: { reason, ...(notice && { notice }) } });
    ledger.commit({
      entries: [
        unsent('sshd', 'repeat holds the address already'),
        unsent('mail', 'gathered', 'id-1'),
        unsent('web', 'gathered', 'id-1'),
        unsent('web', 'refused', 'id-2'),
      ],
    });

    const { suppressed } = ledger.summary(0, 2_000, 'web');

    expect([...suppressed].map(({ reason, count }) => `${reason}: ${count}`).toSorted()).toEqual([
      'gathered: 1',
      'refused: 1',
      'repeat holds the address already: 1',
    ]);
  });

  it('does not wait for a time that a wrong clock named', () => {
    const ledger = memoryLedger();
    const late = notice();
    ledger.commit({ notices: [{ notifier: 'email', notice: late }] });

    ledger.noticesDelayed('email', [late.id], 10_000_000_000);

    expect(ledger.dueNotices('email', 0, 9).map(({ notice: { id } }) => id)).toEqual([late.id]);
  });

  it('keeps nothing of a change that does not fit, and goes on once there is room', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, ':memory:');
    const given = { db, path: 'ledger.db', setAside: undefined, clock, logger: memoryLogger() };
    const ledger = new SqliteLedger(given);
    const room = db.prepare('PRAGMA page_count').get()?.page_count;
    db.exec(`PRAGMA max_page_count = ${Number(room) + 1}`);
    const change = {
      bookmarks: [{ stream: 's', value: '1', at: 1 }],
      entries: [entry('ban')],
      addRows: [{ list: 'l', target: '192.0.2.1' }],
      notices: [{ notifier: 'email', notice: notice() }],
      offences: [offence(1, '192.0.2.1', 'x'.repeat(100_000))],
    };

    const commit = () => ledger.commit(change);

    expect(commit).toThrow(expect.objectContaining({ code: 'STATE_UNWRITABLE' }));
    expect(commit).toThrow(CommandError);
    expect(ledger.bookmark('s')).toBeUndefined();
    expect([...ledger.liveHolds(0), ...ledger.rows('l'), ...ledger.offencesSince(0)]).toEqual([]);
    expect(ledger.entriesOf('192.0.2.1', 9)).toEqual([]);
    expect(ledger.queuedNotices('email')).toBe(0);

    db.exec('PRAGMA max_page_count = 100000');
    commit();
    expect([...ledger.liveHolds(0)]).toHaveLength(1);
  });

  it('keeps nothing of a change with a mistake of ours in it', () => {
    const ledger = memoryLedger();
    const wrong = { ...entry('ban'), at: undefined as unknown as number };

    expect(() => ledger.commit({ entries: [entry('ban'), wrong] })).toThrow(InternalError);
    expect([...ledger.liveHolds(0)]).toEqual([]);
    ledger.commit({ entries: [entry('ban')] });
    expect([...ledger.liveHolds(0)]).toHaveLength(1);
  });
});

function namesOf(ledger: SqliteLedger): readonly string[] {
  return [...ledger.liveHolds(0)].map(({ holder, via }) => `${holder}/${via}`).sort();
}
