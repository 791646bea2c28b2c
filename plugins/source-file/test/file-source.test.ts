import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSource } from '../src/file-source.ts';
import { numbered, quiet, Rig, text, until } from './rig.ts';

let rig: Rig;
let log: string;
beforeEach(() => {
  rig = new Rig();
  log = rig.path('auth.log');
});
afterEach(() => rig.cleanUp());

describe(FileSource.name, () => {
  it('reads what is there as backlog and what comes then as live', async () => {
    writeFileSync(log, 'one\n');
    await rig.start([rig.use([log])]);
    await until(() => rig.lines.length === 1);
    appendFileSync(log, 'two\nthree\n');
    await rig.tick();

    expect(rig.pushed).toMatchObject([
      { lines: ['one'], live: false, stream: `file:${log}`, uses: [log], header: 'auto' },
      { lines: ['two', 'three'], live: true },
    ]);
    expect(rig.health.get(log)).toEqual({ state: 'ok', uses: [log], label: log });
  });

  it('begins its work once when it is started again while the first start goes on', async () => {
    writeFileSync(log, 'one\n');
    const starting = rig.start([rig.use([log])]);

    await rig.startAgain();
    await starting;
    await quiet();
    const { pendingTimers } = rig.clock;
    await rig.tick(2);

    expect(rig.lines).toEqual(['one']);
    expect(pendingTimers).toBe(1);
    expect(rig.clock.pendingTimers).toBe(1);
  });

  it('keeps a partial line back, over a restart as well', async () => {
    writeFileSync(log, 'one\nhal');
    await rig.start([rig.use([log])]);
    await rig.tick(2);
    expect(rig.lines).toEqual(['one']);

    await rig.stop();
    appendFileSync(log, 'f a line\n');
    await rig.start([rig.use([log])]);
    await quiet();

    expect(rig.lines).toEqual(['one', 'half a line']);
  });

  it('takes a line for live for two seconds after it saw the end', async () => {
    writeFileSync(log, text(numbered(0, 300_000)));
    await rig.start([rig.use([log])]);
    await until(() => rig.lines.length === 300_000);
    await quiet();
    await rig.tick();
    const before = rig.pushed.length;
    rig.beforeCommit = () => {
      rig.clock.advance(900);
    };
    appendFileSync(log, text(numbered(0, 500_000)));
    await rig.tick();
    await until(() => rig.lines.length === 800_000);

    const burst = rig.pushed.slice(before);
    expect(burst.length).toBeGreaterThan(4);
    // Each batch takes 900 ms: two or three begin in time, by how soon the poll before saw the end.
    const inTime = burst.filter(({ live }) => live).length;
    expect([2, 3]).toContain(inTime);
    expect(burst.map(({ live }) => live)).toEqual(burst.map((_, index) => index < inTime));
    expect(burst[0]?.behind).toBeGreaterThan(1_000_000);
    expect(burst.at(-1)?.behind).toBe(0);
  });

  it('drops lines that are too long with bounded memory and remembers that it does', async () => {
    rig.maxLineBytes = 100;
    writeFileSync(log, `one\n${'x'.repeat(3_000_000)}`);
    await rig.start([rig.use([log])]);
    await quiet();
    await rig.stop();
    appendFileSync(log, `${'x'.repeat(200_000)}`);
    await rig.start([rig.use([log])]);
    await quiet();
    appendFileSync(log, 'Failed password for root\ntwo\n');
    await rig.tick();

    expect(rig.lines).toEqual(['one', 'two']);
    expect(rig.pushed.reduce((sum, { oversized = 0 }) => sum + oversized, 0)).toBe(1);
    expect(Math.max(...[...rig.bookmarks.values()].map(({ length }) => length))).toBeLessThan(4096);
  });

  it('starts at the end of a file that is older than anyone looks back', async () => {
    writeFileSync(log, 'old\nhal');
    utimesSync(log, 1_000_000, 1_000_000);
    await rig.start([rig.use([log])]);
    await quiet();
    appendFileSync(log, 'f\nnew\n');
    await rig.tick();

    expect(rig.lines).toEqual(['half', 'new']);
  });

  it('goes on from there after a restart, though no line came', async () => {
    writeFileSync(log, 'old\n');
    utimesSync(log, 1_000_000, 1_000_000);
    await rig.start([rig.use([log])]);
    await quiet();
    await rig.stop();
    appendFileSync(log, 'new\n');
    await rig.start([rig.use([log])]);
    await quiet();

    expect(rig.lines).toEqual(['new']);
  });

  it('lets a file with a backlog keep no other file waiting', async () => {
    const padding = 'x'.repeat(1_000);
    writeFileSync(log, text(numbered(0, 20_000).map((line) => `${line} ${padding}`)));
    const other = rig.path('other.log');
    await rig.start([rig.use([log]), rig.use([other])]);
    writeFileSync(other, 'one\n');
    rig.clock.advance(1_000);
    await until(() => rig.lines.at(-1)?.startsWith('line 19999 ') === true);

    const order = rig.pushed.map(({ stream }) => stream);
    expect(order.indexOf(`file:${other}`)).toBeGreaterThanOrEqual(0);
    expect(order.indexOf(`file:${other}`)).toBeLessThan(order.lastIndexOf(`file:${log}`));
  });

  it('reads back 64 MiB at most', async () => {
    const padding = 'x'.repeat(1_000);
    const all = numbered(0, 70_000).map((line) => `${line} ${padding}`);
    writeFileSync(log, text(all));
    await rig.start([rig.use([log])]);
    await until(() => rig.lines.at(-1) === all.at(-1));

    const bytes = text(rig.lines).length;
    expect(bytes).toBeLessThan(64 * 1_048_576 + 1_012);
    expect(bytes).toBeGreaterThan(64 * 1_048_576 - 1_012);
    expect(rig.lines).toEqual(all.slice(-rig.lines.length));
  });

  it('waits for a missing file and says so', async () => {
    await rig.start([rig.use([log])]);
    await rig.tick();
    expect(rig.health.get(log)).toMatchObject({
      state: 'degraded',
      reason: `${log} does not exist`,
      label: log,
    });

    writeFileSync(log, 'one\n');
    await rig.tick(2);

    expect(rig.pushed).toMatchObject([{ lines: ['one'], live: true }]);
    expect(rig.health.get(log)?.state).toBe('ok');
  });

  it('counts the lines of an old file that is moved here at their own time', async () => {
    await rig.start([rig.use([log])]);
    await rig.tick();
    const other = rig.path('restored');
    writeFileSync(other, 'one\n');
    utimesSync(other, Date.now() / 1000 - 300, Date.now() / 1000 - 300);
    renameSync(other, log);
    await rig.tick();

    expect(rig.pushed).toMatchObject([{ lines: ['one'], live: false }]);
  });

  it.each([
    ['a folder', () => mkdirSync(log), 'is a folder, not a regular file'],
    ['a FIFO', () => execFileSync('mkfifo', ['--', log]), 'is a FIFO, not a regular file'],
    ['a device', () => symlinkSync('/dev/zero', log), 'is a device, not a regular file'],
    ['a link to itself', () => symlinkSync(log, log), 'cannot be read: ELOOP'],
    ['a file in a file', () => writeFileSync(rig.path('a'), ''), 'does not exist', 'a/b'],
  ])('does not read %s', async (_what, make, reason, name = 'auth.log') => {
    make();
    const path = rig.path(name);
    await rig.start([rig.use([path])]);
    await rig.tick();

    expect(rig.health.get(path)).toMatchObject({ state: 'degraded' });
    expect(JSON.stringify(rig.health.get(path))).toContain(reason);

    rmSync(log, { recursive: true, force: true });
    rmSync(rig.path('a'), { recursive: true, force: true });
    if (name !== 'auth.log') mkdirSync(rig.path('a'));
    writeFileSync(path, 'one\n');
    await rig.tick(2);
    expect(rig.lines).toEqual(['one']);
    expect(rig.health.get(path)?.state).toBe('ok');
  });

  it('finds files of a pattern that appear later', async () => {
    const pattern = rig.path('*/error.log');
    await rig.start([rig.use([pattern])]);
    await rig.tick();
    expect(rig.health.get(pattern)).toMatchObject({
      state: 'degraded',
      reason: `no file matches ${pattern}`,
    });

    mkdirSync(rig.path('site'));
    writeFileSync(rig.path('site/error.log'), 'one\n');
    writeFileSync(rig.path('site/error.log.2.gz'), 'no\n');
    await rig.tick(2);

    expect(rig.linesOf(`file:${rig.path('site/error.log')}`)).toEqual(['one']);
    expect(rig.pushed.every(({ stream }) => stream.endsWith('error.log'))).toBe(true);
    expect(rig.health.get(pattern)?.state).toBe('ok');
  });

  it('lets files of a pattern go that have gone', async () => {
    const pattern = rig.path('*.log');
    for (const name of ['a.log', 'b.log']) writeFileSync(rig.path(name), 'one\n');
    await rig.start([rig.use([pattern])]);
    await rig.tick();
    expect(rig.openFiles).toBe(2);

    rmSync(rig.path('a.log'));
    await rig.tick(2);
    expect(rig.openFiles).toBe(2);
    rig.clock.advance(600_000);
    await quiet();
    // A list of files was under way meanwhile, which makes the next one wait.
    await rig.tick(62);

    expect(rig.openFiles).toBe(1);
    expect(rig.health.get(pattern)?.state).toBe('ok');
    writeFileSync(rig.path('a.log'), 'two\n');
    await rig.tick(2);
    expect(rig.lines).toEqual(['one', 'one', 'two']);
  });

  it('reads a file once for all uses, and once per way to read it', async () => {
    writeFileSync(log, 'one\n');
    await rig.start([
      rig.use([log], { id: 'a' }),
      rig.use([rig.path('*.log')], { id: 'b', jails: ['pam'] }),
      rig.use([log], { id: 'c', timeZone: 'Asia/Tokyo' }),
      rig.use([log], { id: 'd', header: 'none' }),
    ]);
    await quiet();

    const byUse = rig.pushed.toSorted((a, b) => a.uses.join().localeCompare(b.uses.join()));
    expect(byUse).toMatchObject([
      { stream: `file:${log}`, uses: ['a', 'b'], header: 'auto' },
      { uses: ['c'], header: 'auto', timeZone: 'Asia/Tokyo', lines: ['one'] },
      { uses: ['d'], header: 'none', lines: ['one'] },
    ]);
    expect(new Set(rig.pushed.map(({ stream }) => stream)).size).toBe(3);
    expect(byUse[0]).not.toHaveProperty('timeZone');
  });

  it('keeps the bookmark of a file whose only use changes its options', async () => {
    writeFileSync(log, 'one\n');
    await rig.start([rig.use([log])]);
    await quiet();
    await rig.stop();
    appendFileSync(log, 'two\n');
    await rig.start([rig.use([log], { header: 'none' })]);
    await quiet();

    expect(rig.lines).toEqual(['one', 'two']);
  });

  it.each([['a link'], ['the next name']])('reads a file once that %s leads to', async (how) => {
    writeFileSync(log, 'one\n');
    if (how === 'a link') symlinkSync(log, rig.path('auth.log.link'));
    await rig.start([rig.use([rig.path('auth.log*')])]);
    await rig.tick();
    if (how === 'the next name') {
      renameSync(log, `${log}.1`);
      writeFileSync(log, 'two\n');
    } else {
      appendFileSync(log, 'two\n');
    }
    await rig.tick(40);
    await rig.stop();
    appendFileSync(log, 'three\n');
    await rig.start([rig.use([rig.path('auth.log*')])]);
    await rig.tick(2);

    expect(rig.lines).toEqual(['one', 'two', 'three']);
  });

  it('polls more often where folders cannot be watched, and says so once', async () => {
    writeFileSync(log, '');
    const watch = () => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    await rig.start([rig.use([log])], { watch });
    await rig.tick(3);
    appendFileSync(log, 'one\n');
    await rig.clock.advanceAsync(250);
    await until(() => rig.lines.length > 0);

    expect(rig.lines).toEqual(['one']);
    expect(rig.logger.fieldsOf('folder-not-watched')).toHaveLength(1);
  });

  it('reads nothing else of a stream whose push hangs, and goes on with the others', async () => {
    writeFileSync(log, 'one\n');
    writeFileSync(rig.path('b.log'), 'b\n');
    const hanging = Promise.withResolvers<void>();
    let begun = 0;
    rig.beforeCommit = ({ stream }) => {
      if (stream !== `file:${log}`) return;
      begun += 1;
      return hanging.promise;
    };
    const source = await rig.start([rig.use([rig.path('*.log')])]);
    await rig.tick();
    appendFileSync(log, 'two\n');
    appendFileSync(rig.path('b.log'), 'c\n');
    await rig.tick(3);
    expect(begun).toBe(1);
    expect(rig.lines).toEqual(['b', 'c']);

    let stopped = false;
    const stopping = source.stop(60_000).then(() => {
      stopped = true;
    });
    await quiet();
    expect(stopped).toBe(false);
    hanging.resolve();
    await stopping;
    await quiet();
    expect(rig.lines).toEqual(['b', 'c', 'one']);
    expect(begun).toBe(1);
  });

  it('stops at its deadline when a push never ends', async () => {
    writeFileSync(log, 'one\n');
    const never = Promise.withResolvers<void>();
    rig.beforeCommit = () => never.promise;
    const source = await rig.start([rig.use([log])]);
    await quiet();
    const stopping = source.stop(500);
    rig.clock.advance(500);

    await expect(stopping).resolves.toBeUndefined();
    await source.dispose();
    expect(rig.openFiles).toBe(0);
    never.resolve();
  });

  it('offers a batch again that was refused, and shows that it was', async () => {
    writeFileSync(log, 'one\n');
    rig.beforeCommit = () => {
      throw new Error('no \u001b[31m way');
    };
    await rig.start([rig.use([log])]);
    await rig.tick();
    expect(rig.health.get(log)).toMatchObject({ state: 'degraded' });
    expect(JSON.stringify(rig.health.get(log))).toContain('no \\\\x1b[31m way');

    rig.beforeCommit = () => undefined;
    await rig.tick(6);
    expect(rig.lines).toEqual(['one']);
    expect(rig.health.get(log)?.state).toBe('ok');
  });

  it('can be stopped and disposed of before it started, and twice', async () => {
    const { clock, logger } = rig;
    const source = new FileSource({ uses: [rig.use([log])], clock, logger });
    await source.stop(10);
    await source.dispose();
    await source.stop(10);
    await source.dispose();

    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('does little when nothing happens', async () => {
    for (let index = 0; index < 100; index++) writeFileSync(rig.path(`${index}.log`), 'one\n');
    await rig.start([rig.use([rig.path('*.log')])]);
    await rig.tick(2);
    const before = rig.pushed.length;
    const cpu = process.cpuUsage();
    await rig.tick(10);
    const { user, system } = process.cpuUsage(cpu);

    expect(rig.lines).toHaveLength(100);
    expect(rig.pushed).toHaveLength(before);
    expect(rig.clock.pendingTimers).toBe(1);
    // Ten polls of a hundred files; a second of processor time would be a busy loop.
    expect(user + system).toBeLessThan(1_000_000);
  });
});
