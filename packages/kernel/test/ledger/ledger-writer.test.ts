import { CommandError, InternalError } from '@remand/api';
import { FakeClock, memoryLogger } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import type { LedgerChange } from '../../src/ledger/ledger.ts';
import { LedgerWriter } from '../../src/ledger/ledger-writer.ts';
import { entry, memoryLedger, notice } from './builders.ts';

const full = new CommandError('STATE_UNWRITABLE', 'disk is full');
const offence = (at: number) => ({ jail: 'sshd', address: '192.0.2.1', at, line: 'x' });

describe(LedgerWriter.name, () => {
  it('writes a change through at once', () => {
    const { writer, commits } = setUp();
    const change = { entries: [entry('ban')] };

    expect(writer.commit(change)).toBe(true);

    expect(commits).toEqual([change]);
    expect(writer).toMatchObject({ behind: false, unrecorded: 0, health: { state: 'ok' } });
  });

  it('keeps what cannot be written, counts its bans and says so', () => {
    const { writer, setFailure, logger } = setUp();
    setFailure(full);

    expect(writer.commit({ entries: [entry('ban'), entry('unban')] })).toBe(false);
    expect(writer.commit({ entries: [entry('ban')] })).toBe(false);

    expect(writer).toMatchObject({ behind: true, unrecorded: 2 });
    expect(writer.health).toMatchObject({
      state: 'degraded',
      reason: 'the ledger cannot be written: disk is full',
    });
    expect(logger.fieldsOf('ledger-unwritable')).toHaveLength(1);
  });

  it('leaves the disk alone for a second, also when it has room again', () => {
    const { writer, setFailure, attempts, clock } = setUp();
    setFailure(full);
    writer.commit({});
    setFailure(undefined);

    clock.advance(999);
    expect(writer.commit({ entries: [entry('ban')] })).toBe(false);
    expect(attempts()).toBe(1);
    clock.advance(1);

    expect(writer.retry()).toBe(true);
    expect(attempts()).toBe(2);
  });

  it('writes all that waited but rows in one transaction, in order, with the last bookmark', () => {
    const { writer, setFailure, commits, clock, logger } = setUp();
    const [first, second] = [entry('ban'), entry('unban')];
    const [one, two] = [notice(), notice()];
    const row = { list: 'l', target: '192.0.2.1' };
    setFailure(full);
    writer.commit({
      bookmarks: [
        { stream: 'a', value: '1', at: 1 },
        { stream: 'b', value: '1', at: 1 },
      ],
      offences: [offence(1)],
      entries: [first],
      notices: [{ notifier: 'n', notice: one }],
    });
    writer.commit({
      bookmarks: [{ stream: 'a', value: '2', at: 2 }],
      offences: [offence(2)],
      entries: [second],
      addRows: [row],
      notices: [{ notifier: 'n', notice: two }],
    });
    setFailure(undefined);
    clock.advance(1_000);

    expect(writer.retry()).toBe(true);

    expect(commits).toMatchObject([
      {
        bookmarks: [
          { stream: 'a', value: '2', at: 2 },
          { stream: 'b', value: '1', at: 1 },
        ],
        offences: [offence(1), offence(2)],
        entries: [first, second],
        // Enforcement has written its own meanwhile.
        addRows: [],
        notices: [
          { notifier: 'n', notice: one },
          { notifier: 'n', notice: two },
        ],
      },
    ]);
    expect(writer).toMatchObject({ behind: false, unrecorded: 0, health: { state: 'ok' } });
    expect(logger.fieldsOf('ledger-writable')).toHaveLength(1);
  });

  it('tries at once for the last time before the ledger is closed', () => {
    const { writer, setFailure, commits } = setUp();
    setFailure(full);
    writer.commit({ entries: [entry('ban')] });
    expect(writer.flush()).toBe(false);
    setFailure(undefined);

    expect(writer.flush()).toBe(true);
    expect(writer.flush()).toBe(true);

    expect(commits).toHaveLength(1);
  });

  it('lets the oldest offences go when too many wait, and says how many', () => {
    const { writer, setFailure, commits, clock } = setUp();
    setFailure(full);
    writer.commit({ offences: Array.from({ length: 100_000 }, (_, at) => offence(at)) });
    writer.commit({ offences: [offence(100_000), offence(100_001)] });
    expect(writer.health).toMatchObject({
      reason: expect.stringContaining('2 offences could not even wait'),
    });
    setFailure(undefined);
    clock.advance(1_000);

    writer.retry();

    expect(commits[0]?.offences).toHaveLength(100_000);
    expect(commits[0]?.offences?.[0]?.at).toBe(2);
    expect(writer.health).toEqual({ state: 'ok' });
  });

  it('passes a mistake of ours on and does not keep it', () => {
    const { writer, setFailure } = setUp();
    setFailure(new InternalError('cannot be'));

    expect(() => writer.commit({ entries: [entry('ban')] })).toThrow('cannot be');

    expect(writer).toMatchObject({ behind: false, health: { state: 'ok' } });
  });
});

/** A writer on a ledger whose commits can be made to fail. */
function setUp() {
  const clock = new FakeClock();
  const logger = memoryLogger();
  const ledger = memoryLedger();
  const commits: LedgerChange[] = [];
  let failure: Error | undefined;
  let attempts = 0;
  ledger.commit = (change) => {
    attempts += 1;
    if (failure) throw failure;
    commits.push(change);
  };
  return {
    writer: new LedgerWriter(ledger, clock, logger),
    clock,
    logger,
    commits,
    attempts: () => attempts,
    setFailure: (error: Error | undefined) => {
      failure = error;
    },
  };
}
