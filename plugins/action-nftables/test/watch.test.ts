import { getEventListeners } from 'node:events';
import type { Change } from '@remand/api';
import {
  commandFailure,
  FakeClock,
  memoryLogger,
  RecordingCommandRunner,
  settle,
} from '@remand/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { NftablesAction } from '../src/nftables-action.ts';
import { options } from '../src/options.ts';

const never = new AbortController().signal;
const table = (...lists: readonly string[]) =>
  `table inet remand {\n${lists
    .map(
      (list) =>
        ['v4_32', 'v6_64', 'v6_128'].map((set) => `\tset ban-${list}-${set} {\n\t}\n`).join('') +
        `\tchain ban-${list} {\n\t\t@ban-${list}-v4_32 \n\t\t@ban-${list}-v6_64 \n\t\t@ban-${list}-v6_128 \n\t}\n`,
    )
    .join('')}}\n`;
const extend: Change = { op: 'extend', target: '192.0.2.1', timeoutMs: 60_000 };
const deleted = 'delete element inet remand ban-a-v4_32 { 192.0.2.1 timeout 1h expires 59m1s }';

describe('watch', () => {
  let clock: FakeClock;
  let commands: RecordingCommandRunner;
  let ruleset: string;
  let told: string[];
  let abort: AbortController;

  beforeEach(() => {
    clock = new FakeClock();
    ruleset = table('a', 'b');
    commands = new RecordingCommandRunner({ 'nft -t list ruleset': () => ruleset });
    told = [];
    abort = new AbortController();
  });

  function watched(list: string, signal: AbortSignal = abort.signal): NftablesAction {
    const action = new NftablesAction({
      list: `nftables/${list}`,
      options: options.parse({}),
      commands,
      clock,
      logger: memoryLogger(),
    });
    action.watch((what) => told.push(`${list}: ${what}`), signal);
    return action;
  }

  async function print(...lines: string[]): Promise<void> {
    commands.streams.at(-1)?.feed(...lines);
    await settle();
  }

  it('follows one monitor for all lists, and ends it with the last of them', async () => {
    const other = new AbortController();
    watched('a');
    watched('b', other.signal);

    expect(commands.streams.map(({ argv }) => argv.join(' '))).toEqual(['nft monitor destroy']);
    abort.abort();
    expect(commands.streams[0]?.stopped).toBe(false);
    other.abort();

    expect(commands.streams[0]?.stopped).toBe(true);
    await clock.advanceAsync(60_000);
    expect(commands.runs).toHaveLength(0);
    expect(commands.streams).toHaveLength(1);
  });

  it('tells the list that lost an element, and nobody else', async () => {
    watched('a');
    watched('b');
    watched('a-v2');

    await print(deleted, 'delete element ip remand ban-b-v4_32 { 192.0.2.1 }', 'nonsense');

    expect(told).toEqual(['a: element deleted']);
  });

  it('keeps quiet about what the list deletes itself, for a moment', async () => {
    const action = watched('a');
    await action.apply([extend], never);

    await print(deleted);
    expect(told).toEqual([]);
    await print('delete element inet remand ban-a-v4_32 { 192.0.2.1, 192.0.2.2 }');
    expect(told).toHaveLength(1);
    await clock.advanceAsync(4_000);
    await print(deleted);

    expect(told).toHaveLength(2);
  });

  it('tells of a flush while the list is at work, and when apply repaired it', async () => {
    const action = watched('a');
    commands.failNext(1, commandFailure('Error: No such file or directory'));

    await action.apply([extend], never);
    await print('delete table inet remand');

    expect(told).toEqual(['a: the table was gone', 'a: table deleted']);
    expect(commands.runs.at(-1)?.input).toContain('add chain inet remand ban-a ');
  });

  it('takes a new monitor when a rule goes, because nft forgets its sets', async () => {
    const action = watched('a');
    await action.start(never);

    await print('delete rule inet remand ban-a handle 3', 'delete rule inet remand ban-a handle 4');
    expect(commands.streams).toHaveLength(2);
    expect(commands.streams[0]?.stopped).toBe(false);
    await clock.advanceAsync(1_000);
    expect(commands.streams.map(({ stopped }) => stopped)).toEqual([true, false]);
    await print(deleted);

    expect(told).toEqual(['a: element deleted']);
    expect(commands.streams).toHaveLength(2);
  });

  it('starts a monitor again that has ended, and lets the lists be compared', async () => {
    watched('a');
    commands.streams[0]?.end(1);

    await clock.advanceAsync(10_000);
    expect(commands.streams).toHaveLength(2);
    await clock.advanceAsync(1_000);

    expect(told).toEqual(['a: the monitor of nftables was away']);
  });

  it('looks at the table every five seconds', async () => {
    watched('a');
    watched('b');

    await clock.advanceAsync(5_000);
    expect(told).toEqual([]);
    ruleset = table('b');
    await clock.advanceAsync(5_000);
    expect(told.splice(0)).toEqual(['a: the table is not whole']);
    ruleset = table('a', 'b').replace('@ban-b-v6_64 ', '');
    await clock.advanceAsync(5_000);
    expect(told.splice(0)).toEqual(['b: the table is not whole']);
    commands.failNext();
    await clock.advanceAsync(5_000);

    expect(told).toEqual(['a: the table cannot be read', 'b: the table cannot be read']);
    expect(commands.runs).toHaveLength(4);
  });

  it('keeps quiet once the list was flushed on purpose, until it starts again', async () => {
    const action = watched('a');
    await action.flush(never);
    ruleset = '';

    await print('delete chain inet remand ban-a', 'delete table inet remand');
    await clock.advanceAsync(5_000);
    expect(told).toEqual([]);
    await action.start(never);
    await clock.advanceAsync(5_000);

    expect(told).toEqual(['a: the table is not whole']);
  });

  it('leaves nothing behind at the signal as time goes by', async () => {
    watched('a');
    const before = getEventListeners(abort.signal, 'abort').length;

    await clock.advanceAsync(600_000);

    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(before);
    expect(clock.pendingTimers).toBe(1);
  });
});
