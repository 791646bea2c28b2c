import { CommandError } from '@remand/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalSource } from '../src/journal-source.ts';
import { cursorOf, lineFor, printed, start } from './entries.ts';
import { Rig } from './rig.ts';

let rig: Rig;

beforeEach(() => {
  rig = new Rig();
});

afterEach(async () => {
  await rig.stop();
});

const entry = (number: number, fields: Record<string, unknown> = {}) => printed({ number, fields });
const cursor = (number: number) => cursorOf({ number });

describe(JournalSource.name, () => {
  it('follows the journal from as far back as lines matter', async () => {
    await rig.start({ options: { directory: '/j', identifiers: ['sshd'], matches: ['_UID=0'] } });

    expect(rig.child.argv.join(' ')).toBe(
      'journalctl -o json --no-pager --merge --directory=/j --all --follow --no-tail ' +
        `--since=@${start / 1e6 - 600} ` +
        '--output-fields=MESSAGE,SYSLOG_IDENTIFIER,SYSLOG_PID,_COMM,_HOSTNAME,_PID,_UID ' +
        'SYSLOG_IDENTIFIER=sshd _UID=0',
    );
  });

  it('has one journalctl for all uses of a journal', async () => {
    const a = { directory: '/j', identifiers: ['a'] };
    const b = { directory: '/j', identifiers: ['b'] };
    const other = { directory: '/k' };

    await rig.start({ options: a }, { options: b }, { options: other });

    const matches = rig.commands.streams.map(({ argv }) =>
      argv.filter((arg) => /^SYSLOG|^\+$/.test(arg)),
    );
    expect(matches).toEqual([['SYSLOG_IDENTIFIER=a', '+', 'SYSLOG_IDENTIFIER=b'], []]);
  });

  it('hands lines over with the cursor of the last one, and goes on behind it', async () => {
    await rig.start({});
    await rig.print(entry(1), entry(2));
    await rig.stop();
    rig.held.add(cursor(2));

    await rig.start({});

    expect(rig.lines).toEqual([lineFor(1), lineFor(2)]);
    expect(rig.child.argv).toContain(`--after-cursor=${cursor(2)}`);
  });

  it('gives each use what it wants, and no line twice to one that two uses want', async () => {
    await rig.start(
      { options: { identifiers: ['a', 'c'] } },
      { options: { identifiers: ['b', 'c'] } },
    );

    await rig.print(
      ...['a', 'b', 'c', 'a'].map((name, at) => entry(at, { SYSLOG_IDENTIFIER: name })),
    );

    const taken = rig.pushed.map(({ uses, lines }) => [uses, lines.length]);
    expect(taken).toEqual([
      [['journal#0'], 2],
      [['journal#1'], 1],
      [['journal#0', 'journal#1'], 1],
    ]);
  });

  it('serves no use twice when it was killed between two batches', async () => {
    const uses = [{ options: { identifiers: ['a'] } }, { options: { identifiers: ['b'] } }];
    const entries = ['a', 'b', 'a', 'b'].map((name, at) =>
      entry(at + 1, { SYSLOG_IDENTIFIER: name }),
    );
    await rig.start(...uses);
    rig.beforeCommit = ({ uses: [use] }) => {
      if (use === 'journal#1') throw new Error('killed');
    };
    await rig.print(...entries);
    await rig.stop();
    expect(rig.pushed.map(({ uses: [use] }) => use)).toEqual(['journal#0']);

    rig.beforeCommit = () => undefined;
    await rig.start(...uses);
    await rig.print(...entries, entry(5, { SYSLOG_IDENTIFIER: 'a' }));

    const numbers = rig.lines.map((line) => Number(line.slice(-1)));
    expect(numbers.sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('goes on by number and time when its place is not in the journal any more', async () => {
    await rig.start({});
    await rig.print(entry(1), entry(5));
    await rig.stop();

    await rig.start({});
    const other = { number: 1, sequence: 'b' };
    await rig.print(
      printed({ ...other, at: start + 5e6 }),
      entry(5),
      entry(6),
      printed({ ...other, at: start + 4e6 }),
    );

    expect(rig.child.argv).toContain(`--since=@${start / 1e6 + 5}`);
    expect(rig.lines.map((line) => line.slice(-1))).toEqual(['1', '5', '6', '1']);
    expect(rig.logger.fieldsOf('journal-place-gone')).toHaveLength(1);
  });

  it('takes entries for backlog until the newest one of its start has come', async () => {
    rig.newest = entry(2);
    await rig.start({});

    await rig.pass(1_000);
    await rig.print(entry(1));
    await rig.pass(1_000);
    await rig.print(entry(2));
    await rig.print(entry(3));

    expect(rig.pushed.map(({ live }) => live)).toEqual([false, false, true]);
  });

  it('takes entries for backlog when they come without a pause for two seconds', async () => {
    await rig.start({});
    for (let number = 1; number < 60; number++)
      await rig.pass(30).then(() => rig.print(entry(number)));
    await rig.pass(1_000);
    await rig.print(entry(60));

    const lives = rig.pushed.map(({ live }) => live);
    expect([lives[0], lives.at(-2), lives.at(-1)]).toEqual([true, false, true]);
  });

  it('counts what is too long and what cannot be read, and reads on', async () => {
    await rig.start({});

    await rig.print(
      entry(1, { MESSAGE: 'x'.repeat(16_384) }),
      '{"cut',
      entry(3, { MESSAGE: null }),
      entry(4),
    );

    expect(rig.lines).toEqual([lineFor(4)]);
    expect(rig.pushed.reduce((sum, { oversized = 0 }) => sum + oversized, 0)).toBe(3);
  });

  it('moves on over entries without a message', async () => {
    await rig.start({});

    await rig.print(entry(1, { MESSAGE: undefined }));

    expect(rig.lines).toEqual([]);
    expect(JSON.parse(rig.bookmarks.get('journal') ?? '')).toMatchObject({ cursor: cursor(1) });
  });

  it('starts journalctl again, later each time, when it ends', async () => {
    await rig.start({});
    await rig.print(entry(1));
    rig.child.end(1, 'out of luck\n');
    await rig.pass(0);
    expect(rig.health.get('journal')).toMatchObject({
      state: 'degraded',
      reason: 'journalctl ended with 1: out of luck',
    });

    rig.newest = entry(1);
    rig.held.add(cursor(1));
    await rig.pass(1_000);
    expect(rig.commands.streams).toHaveLength(2);
    expect(rig.health.get('journal')?.state).toBe('ok');
    expect(rig.child.argv).toContain(`--after-cursor=${cursor(1)}`);
    rig.child.end(1);
    await rig.pass(1_000);
    expect(rig.commands.streams).toHaveLength(2);
    await rig.pass(1_000);

    expect(rig.commands.streams).toHaveLength(3);
  });

  it('notices a journalctl that is silent although there is more', async () => {
    await rig.start({});
    await rig.print(entry(1));
    const silent = rig.child;
    rig.newest = entry(2);
    rig.held.add(cursor(1));

    await rig.pass(60_000);
    await rig.pass(60_000);
    expect(silent.stopped).toBe(false);
    await rig.pass(5_000);

    expect(silent.stopped).toBe(true);
    expect(rig.commands.streams).toHaveLength(2);
    expect(rig.child.argv).toContain(`--after-cursor=${cursor(1)}`);
    expect(rig.logger.fieldsOf('journal-child-silent')).toHaveLength(1);
  });

  it('leaves a journalctl alone that is silent because there is nothing', async () => {
    await rig.start({});
    await rig.print(entry(1));
    rig.newest = entry(1);

    for (let minute = 0; minute < 5; minute++) await rig.pass(65_000);

    expect(rig.commands.streams).toHaveLength(1);
    expect(rig.child.stopped).toBe(false);
  });

  it('says that journalctl is missing, and what to do', async () => {
    rig.failure = new CommandError('COMMAND_MISSING', 'journalctl is not installed', {
      hint: 'install it',
    });
    await rig.start({});
    expect(rig.health.get('journal')).toMatchObject({
      state: 'degraded',
      reason: 'journalctl is not installed',
      hint: 'install it',
    });

    rig.failure = undefined;
    rig.newest = entry(1);
    await rig.pass(1_000);

    expect(rig.health.get('journal')?.state).toBe('ok');
  });

  it('says so when there is no entry at all', async () => {
    await rig.start({});

    expect(rig.health.get('journal')).toMatchObject({
      state: 'degraded',
      reason: 'the journal holds no entries at all',
    });
  });

  it('does not wait for a question that is under way when it is stopped', async () => {
    rig.hangs = true;
    await rig.start({});

    await rig.stop();

    expect(rig.commands.streams).toEqual([]);
  });

  it('leaves nothing at work when it is stopped', async () => {
    await rig.start({});
    const { child } = rig;

    await rig.stop();
    await rig.stop();

    expect(child.stopped).toBe(true);
    expect(rig.clock.pendingTimers).toBe(0);
  });
});
