import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { Clock } from '@remand/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { numbered, Rig, silentWatch, text, until } from './rig.ts';

const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

let rig: Rig;
let log: string;
let written: number;
beforeEach(() => {
  rig = new Rig();
  log = rig.path('app.log');
  written = 0;
});
afterEach(() => rig.cleanUp());

function write(path: string, count: number): void {
  appendFileSync(path, text(numbered(written, written + count)));
  written += count;
}

const uses = () => [rig.use([log])];
const start = () => rig.start(uses(), { clock: realClock, watch: 'real' });
const all = () =>
  until(
    () => rig.lines.length >= written,
    () => `${rig.lines.length}/${written}`,
  );

/** Each takes the file away or replaces it; what is written next goes to the path again. */
const rotations: Record<string, (round: number) => void> = {
  rename: (round) => renameSync(log, `${log}.${round}`),
  'rename and create': (round) => {
    renameSync(log, `${log}.${round}`);
    closeSync(openSync(log, 'w'));
  },
  'a chain of names': () => {
    for (let index = 3; index > 0; index--) {
      if (existsSync(`${log}.${index}`)) renameSync(`${log}.${index}`, `${log}.${index + 1}`);
    }
    renameSync(log, `${log}.1`);
  },
  'copy in its place, as rsync does': () => {
    copyFileSync(log, rig.path('copy'));
    renameSync(rig.path('copy'), log);
  },
  copytruncate: (round) => {
    copyFileSync(log, `${log}.${round}`);
    truncateSync(log);
  },
  'symlink swap': (round) => {
    const target = rig.path(`target-${round}`);
    closeSync(openSync(target, 'a'));
    rmSync(rig.path('new'), { force: true });
    symlinkSync(target, rig.path('new'));
    if (round === 1) renameSync(log, rig.path('target-0'));
    renameSync(rig.path('new'), log);
  },
};
/** These destroy what was not read, so that the reader has to be done before. */
const destructive: Record<string, (round: number) => void> = {
  truncate: () => truncateSync(log),
  'delete and create': () => rmSync(log),
};

describe('a log that is rotated', () => {
  for (const [name, rotate] of Object.entries(rotations)) {
    it(`is read whole and once: ${name}`, async () => {
      write(log, 50);
      await start();
      await all();
      for (let round = 1; round <= 20; round++) {
        write(log, 37);
        rotate(round);
        write(log, 23);
        await all();
      }

      expect(rig.lines).toEqual(numbered(0, written));
    });

    it(`is read whole and once when the daemon was down: ${name}`, async () => {
      write(log, 50);
      for (let round = 1; round <= 6; round++) {
        await start();
        await all();
        write(log, 40);
        await rig.stop();
        write(log, 37);
        rotate(round);
        write(log, 100 + round);
      }
      await start();
      await all();

      expect(rig.lines).toEqual(numbered(0, written));
      expect(rig.logger.fieldsOf('file-tail-lost')).toEqual([]);
    });

    it(`is read whole and once when it is polled only: ${name}`, async () => {
      write(log, 50);
      await rig.start(uses());
      await all();
      for (let round = 1; round <= 4; round++) {
        write(log, 37);
        rotate(round);
        write(log, 99);
        await rig.tick();
        await all();
      }

      expect(rig.lines).toEqual(numbered(0, written));
    });
  }

  for (const [name, rotate] of Object.entries(destructive)) {
    it.each([
      ['shorter', 20],
      ['larger', 200],
    ])(`is read whole and once: ${name}, then %s than before`, async (_what, count) => {
      write(log, 50);
      // Polled only, so that the reader looks after the file has grown again.
      await rig.start(uses());
      await rig.tick();
      for (let round = 1; round <= 5; round++) {
        rotate(round);
        write(log, count);
        await rig.tick();
      }

      expect(rig.lines).toEqual(numbered(0, written));
    });

    it(`is read whole and once when the daemon was down: ${name}`, async () => {
      write(log, 50);
      await start();
      await all();
      await rig.stop();
      rotate(1);
      write(log, 200);
      await start();
      await all();

      expect(rig.lines).toEqual(numbered(0, written));
      expect(rig.logger.fieldsOf('file-tail-lost')).toHaveLength(1);
    });
  }

  it('is told apart by its tail when all files begin alike', async () => {
    const head = `${'#'.repeat(300)}\n`;
    writeFileSync(log, head);
    write(log, 50);
    await start();
    await until(() => rig.lines.length === 51);
    await rig.stop();
    writeFileSync(log, head);
    write(log, 100);
    await start();
    await until(() => rig.lines.length >= 152);

    expect(rig.lines.filter((line) => line.startsWith('line'))).toEqual(numbered(0, 150));
  });

  it('is followed by writers that still have the old file', async () => {
    write(log, 10);
    await start();
    await all();
    const old = openSync(log, 'a');
    renameSync(log, `${log}.1`);
    write(log, 10);
    await all();
    writeSync(old, 'late\n');
    await until(() => rig.lines.includes('late'));
    await rig.stop();
    writeSync(old, 'later\n');
    closeSync(old);
    write(log, 10);
    await start();
    await until(() => rig.lines.length >= written + 2);

    expect(rig.lines.filter((line) => line.startsWith('line'))).toEqual(numbered(0, written));
    expect(rig.lines.filter((line) => line.startsWith('late'))).toEqual(['late', 'later']);
  });

  it('is read whole when it was rotated several times between two looks', async () => {
    write(log, 10);
    await rig.start(uses(), { watch: silentWatch });
    await rig.tick();
    for (const name of ['1', '2', '3']) {
      renameSync(log, `${log}.${name}`);
      write(log, 10);
    }
    await rig.tick();
    await rig.stop();
    for (const name of ['4', '5']) {
      renameSync(log, `${log}.${name}`);
      write(log, 10);
    }
    await rig.start(uses(), { watch: silentWatch });
    await all();

    expect(rig.lines).toEqual(numbered(0, written));
  });

  it('says that a tail is lost when the old file is nowhere', async () => {
    write(log, 10);
    await start();
    await all();
    await rig.stop();
    renameSync(log, `${log}.1.gz`);
    write(log, 10);
    await start();
    await all();

    expect(rig.lines).toEqual(numbered(0, 20));
    expect(rig.logger.fieldsOf('file-tail-lost')).toMatchObject([{ path: log }]);
  });

  it('keeps few files open over a thousand rotations', async () => {
    write(log, 1);
    await start();
    await all();
    let most = 0;
    for (let round = 0; round < 1_000; round++) {
      write(log, 3);
      renameSync(log, `${log}.1`);
      write(log, 2);
      await all();
      most = Math.max(most, rig.openFiles);
    }

    expect(rig.lines).toEqual(numbered(0, written));
    expect(most).toBeLessThan(16);
    await rig.stop();
    expect(rig.openFiles).toBe(0);
  });

  it('is read from the committed bookmark when the process is killed', async () => {
    write(log, 10);
    for (let round = 1; round <= 12; round++) {
      // What this run read beyond the commit is lost with it, as by kill -9.
      let pushes = 0;
      const killed = Promise.withResolvers<void>();
      rig.beforeCommit = () => {
        pushes += 1;
        if (pushes <= round % 4) return;
        killed.resolve();
        throw new Error('killed');
      };
      await start();
      write(log, 500);
      if (round % 2 === 0) renameSync(log, `${log}.${round}`);
      if (round % 3 === 0) {
        copyFileSync(existsSync(log) ? log : `${log}.${round}`, `${log}-copy`);
        rmSync(`${log}-copy`);
      }
      write(log, 20);
      await Promise.race([killed.promise, all()]);
      await rig.stop();
    }
    rig.beforeCommit = () => undefined;
    await start();
    await all();

    expect(rig.lines).toEqual(numbered(0, written));
  });

  it('is pushed within a few milliseconds after a line is written', async () => {
    write(log, 1);
    await start();
    await all();
    const took: number[] = [];
    for (let round = 0; round < 200; round++) {
      const begin = performance.now();
      write(log, 1);
      await all();
      took.push(performance.now() - begin);
    }

    const median = took.sort((a, b) => a - b)[100] ?? 0;
    // The budget is about one; a poll would take 500.
    expect(median).toBeLessThan(20);
    console.info(`line written → pushed: median ${median.toFixed(2)} ms`);
  });
});
