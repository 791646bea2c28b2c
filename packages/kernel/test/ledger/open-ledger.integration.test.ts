import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FakeClock, memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { needs } from '../../../../test/support/needs.ts';
import { migrations } from '../../src/ledger/migrations.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { entry } from './builders.ts';
import { runOnSmallDisk, startChild } from './children/run-child.ts';

let clock = new FakeClock();
let base = '';
let folder = '';
let path = '';

beforeEach(() => {
  clock = new FakeClock();
  base = mkdtempSync(join(tmpdir(), 'remand-ledger-'));
  folder = join(base, 'deep', 'state');
  path = join(folder, 'ledger.db');
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

const open = (logger = memoryLogger()) => openLedger({ folder, clock, logger, lockTimeoutMs: 50 });
const refusedAs = (code: string, message: string | RegExp = '') =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe(openLedger.name, () => {
  it('makes a folder and files that nobody else can read, whatever the umask', () => {
    const umask = process.umask(0);
    onTestFinished(() => {
      process.umask(umask);
    });

    const ledger = open();
    ledger.commit({ entries: [entry('ban')] });
    onTestFinished(() => ledger.close());

    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const modes = readdirSync(folder).map((name) => [
      name,
      statSync(join(folder, name)).mode & 0o777,
    ]);
    expect(Object.fromEntries(modes)).toEqual({
      'ledger.db': 0o600,
      'ledger.db-wal': 0o600,
      'ledger.lock': 0o600,
      'ledger.pid': 0o600,
    });
  });

  it('keeps everything over a restart, also the id of the host', () => {
    const first = open();
    first.commit({ entries: [entry('ban')], bookmarks: [{ stream: 's', value: 'v', at: 1 }] });
    const { hostId } = first;
    first.close();
    first.close();

    const second = open();
    onTestFinished(() => second.close());

    expect(second.hostId).toBe(hostId);
    expect(second.path).toBe(path);
    expect(second.setAside).toBeUndefined();
    expect(second.bookmark('s')).toEqual({ value: 'v', at: 1 });
    expect([...second.liveHolds(0)]).toHaveLength(1);
  });

  it('is refused while this process has it open', () => {
    const first = open();

    expect(open).toThrow(refusedAs('STATE_IN_USE', new RegExp(`pid ${process.pid}\\b`)));

    first.commit({ entries: [entry('ban')] });
    first.close();
    open().close();
  });

  it('is refused while another process has it open, and not after that was killed', async () => {
    const child = startChild('hold-open.ts', folder);
    if (child.stdout) await once(child.stdout, 'data');

    expect(open).toThrow(refusedAs('STATE_IN_USE', new RegExp(`pid ${child.pid}\\b`)));

    child.kill('SIGKILL');
    await once(child, 'close');
    expect(existsSync(join(folder, 'ledger.pid'))).toBe(true);
    open().close();
    expect(existsSync(join(folder, 'ledger.pid'))).toBe(false);
  });

  it('locks by a file that somebody scribbled on', () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'ledger.lock'), 'x'.repeat(9_000));

    const first = open();
    onTestFinished(() => first.close());

    expect(open).toThrow(refusedAs('STATE_IN_USE'));
  });

  it('leaves a ledger of a newer remand alone', () => {
    open().close();
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    db.close();

    expect(open).toThrow(refusedAs('STATE_TOO_NEW'));
    expect(open).toThrow(refusedAs('STATE_TOO_NEW'));
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  it('keeps the write-ahead log within bounds', () => {
    const ledger = open();
    onTestFinished(() => ledger.close());
    const line = 'x'.repeat(1_000_000);

    for (let at = 0; at < 100; at += 1) {
      ledger.commit({ offences: [{ jail: 'sshd', address: '192.0.2.1', at, line }] });
    }

    expect(statSync(`${path}-wal`).size).toBeLessThan(20 * 1024 * 1024);
  });

  it('writes the write-ahead log back a second after a commit, not within it', () => {
    const ledger = open();
    onTestFinished(() => ledger.close());
    const before = statSync(path).size;
    const entries = Array.from({ length: 500 }, () => entry('ban'));

    ledger.commit({ entries });
    expect(statSync(path).size).toBe(before);
    clock.advance(1_000);

    expect(statSync(path).size).toBeGreaterThan(before);
  });

  it('gives room back when much was forgotten', () => {
    const ledger = open();
    const line = 'x'.repeat(1_000_000);
    for (let at = 0; at < 30; at += 1) {
      ledger.commit({ offences: [{ jail: 'sshd', address: '192.0.2.1', at, line }] });
    }

    for (let call = 0; call < 10; call += 1) ledger.prune({ offences: 100, entries: 0 }, 100);
    ledger.close();

    expect(statSync(path).size).toBeLessThan(10_000_000);
  });
});

describe('a damaged ledger', () => {
  const size = () => statSync(path).size;
  const write = (at: number, bytes: number) => {
    const content = readFileSync(path);
    content.fill('garbage', at, at + bytes);
    writeFileSync(path, content);
  };

  it.each<[string, () => void]>([
    ['with garbage in its header', () => write(0, 100)],
    ['with garbage in the middle', () => write(8 * 4096, 4096 * 3)],
    ['that is cut within a page', () => truncateSync(path, size() - 5_000)],
    ['that is cut after some pages', () => truncateSync(path, 4096 * 4)],
    ['that is another program’s', () => makeForeign(path)],
  ])('%s is set aside and a fresh one begun', (_what, damage) => {
    const first = open();
    const entries = Array.from({ length: 2_000 }, (_, index) =>
      entry('ban', { address: `n${index}`, until: null }),
    );
    first.commit({ entries });
    first.close();
    damage();
    writeFileSync(`${path}-wal`, 'left over');
    const bytes = size();
    const logger = memoryLogger();

    const second = open(logger);
    onTestFinished(() => second.close());

    const aside = second.setAside ?? '';
    expect(aside).toMatch(/ledger\.db\.damaged-2026-01-01T00-00-00-000Z$/);
    expect(statSync(aside).size).toBe(bytes);
    expect(logger.fieldsOf('ledger-damaged')).toHaveLength(1);
    second.commit({ entries: [entry('ban')] });
    expect([...second.liveHolds(0)]).toHaveLength(1);
  });

  it('leaves nothing beside the fresh one that belonged to it', () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const part of ['', '-wal', '-shm', '-journal']) {
      writeFileSync(path + part, 'x'.repeat(5_000));
    }

    const ledger = open();
    ledger.close();

    const aside = `${ledger.setAside}`.slice(folder.length + 1);
    const names = readdirSync(folder);
    expect(names).toEqual(expect.arrayContaining([aside, `${aside}-shm`]));
    expect(names.filter((name) => !name.startsWith(aside)).sort()).toEqual([
      'ledger.db',
      'ledger.lock',
    ]);
  });

  it('is recovered from also when the start that set it aside was killed', () => {
    open().close();
    renameSync(path, `${path}.damaged-2026-01-01T00-00-00-000Z`);

    const next = open();
    expect(next.recovering).toBe(true);
    next.recovered();
    next.close();

    const last = open();
    onTestFinished(() => last.close());
    expect(last.recovering).toBe(false);
  });

  it('is kept for looking into, but not more than three of them', () => {
    for (let round = 0; round < 5; round += 1) {
      open().close();
      writeFileSync(path, 'x'.repeat(5_000));
      clock.advance(1_000);
    }

    const ledger = open();
    onTestFinished(() => ledger.close());

    const names = readdirSync(folder).filter((name) => name.includes('damaged'));
    expect(names).toHaveLength(3);
    expect(names).toContain(ledger.setAside?.slice(folder.length + 1));
  });
});

describe('a state folder that cannot be used', () => {
  it('is refused when a file is in its place', () => {
    mkdirSync(join(base, 'deep'));
    writeFileSync(folder, '');

    expect(open).toThrow(refusedAs('STATE_UNWRITABLE', /is not a folder/));
  });

  it('is refused when a file is in the way', () => {
    writeFileSync(join(base, 'deep'), '');

    expect(open).toThrow(refusedAs('STATE_UNWRITABLE', /cannot be made/));
  });

  it('is refused when others may write in it', () => {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);

    expect(open).toThrow(refusedAs('STATE_UNWRITABLE', /mode 777/));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('always says what to do', () => {
    writeFileSync(join(base, 'deep'), '');

    expect(open).toThrow(expect.objectContaining({ hint: expect.stringMatching(/state\.path/) }));
  });
});

needs('root')('a state folder of somebody else', () => {
  it('is refused', () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, 12_345, 12_345);

    expect(open).toThrow(refusedAs('STATE_UNWRITABLE', /belongs to user 12345/));
  });
});

needs('root', 'unshare')('a full disk', () => {
  it('refuses whole commits and takes them again once there is room', () => {
    const { stdout, stderr } = runOnSmallDisk('fill-disk.ts', {
      folder: base,
      sizeKiB: 2_048,
      ballastKiB: 700,
    });

    expect(stderr).toBe('');
    const { full, stillFull, reopened, after } = JSON.parse(stdout);
    const all = (count: number) => ({
      bookmark: count,
      offences: count,
      holds: count,
      rows: count,
    });
    expect(full).toEqual({ code: 'STATE_UNWRITABLE', last: full.last, ...all(full.last) });
    expect(full.last).toBeGreaterThan(5);
    expect(stillFull).toEqual({
      code: 'STATE_UNWRITABLE',
      last: stillFull.last,
      ...all(stillFull.last),
    });
    expect(reopened).toEqual({ code: 'STATE_UNWRITABLE', ...all(reopened.bookmark) });
    expect(after).toEqual(all(reopened.bookmark + 1));
  });
});

function makeForeign(file: string): void {
  rmSync(file);
  const db = new DatabaseSync(file);
  db.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)');
  db.close();
}
