import {
  appendFileSync,
  copyFileSync,
  existsSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

describe('a log that is rotated', () => {
  let daemon: Daemon;
  let written: number;

  beforeEach(() => {
    written = 0;
    daemon = new Daemon();
    daemon.configure(
      '  sshd: { filter: sshd, sources: [LOG], observe: true, maxRetry: 1, banTime: 1h }',
    );
  });

  afterEach(() => daemon.remove());

  const attacker = (n: number) => `198.18.${n >> 8}.${n & 255}`;

  /** Appends lines of attackers that were not there before. */
  function write(lines: number): void {
    const text = Array.from({ length: lines }, () => failedPassword(attacker(written++)));
    appendFileSync(daemon.log, text.join(''));
  }

  /** Writes all the time, and rotates in between without waiting for the daemon. */
  async function writeAndRotate(rotate: (round: number) => void): Promise<void> {
    for (let round = 1; round <= 4; round++) {
      for (let piece = 0; piece < 30; piece++) {
        write(5);
        await sleep(5);
      }
      rotate(round);
    }
    write(5);
  }

  async function expectOnceEach(counted: number): Promise<void> {
    await waitFor(`${written} bans`, async () => (await daemon.bans()).length >= written).catch(
      () => undefined,
    );
    await sleep(500);
    const held = new Set((await daemon.bans()).map(({ address }) => address));
    const all = Array.from({ length: written }, (_, n) => attacker(n));
    const [jail] = (await daemon.status()).jails;

    expect(all.filter((address) => !held.has(address))).toEqual([]);
    expect(held.size).toBe(written);
    // A line that was read twice would be seen while banned.
    expect(jail).toMatchObject({
      offences: counted,
      banned: counted,
      matched: counted,
      ignored: { seenWhileBanned: 0 },
    });
  }

  it('by rename', async () => {
    await daemon.start();
    await writeAndRotate((round) => {
      renameSync(daemon.log, `${daemon.log}.${round}`);
      writeFileSync(daemon.log, '');
    });
    await expectOnceEach(written);
  });

  it('by rename, the new file coming late', async () => {
    await daemon.start();
    await writeAndRotate((round) => {
      // A writer that keeps its file open goes on in the old one for a while.
      renameSync(daemon.log, `${daemon.log}.${round}`);
      const late = Array.from({ length: 5 }, () => failedPassword(attacker(written++)));
      appendFileSync(`${daemon.log}.${round}`, late.join(''));
    });
    await expectOnceEach(written);
  });

  it('by copytruncate', async () => {
    await daemon.start();
    await writeAndRotate((round) => {
      copyFileSync(daemon.log, `${daemon.log}.${round}`);
      truncateSync(daemon.log);
    });
    await expectOnceEach(written);
  });

  it('by delete and recreate', async () => {
    await daemon.start();
    await writeAndRotate(() => {
      rmSync(daemon.log);
      writeFileSync(daemon.log, '');
    });
    await expectOnceEach(written);
  });

  it('by copytruncate, the file being longer than before at once', async () => {
    await daemon.start();
    for (let round = 1; round <= 4; round++) {
      write(round * 100);
      await waitFor('what was written', async () => (await daemon.bans()).length === written);
      copyFileSync(daemon.log, `${daemon.log}.${round}`);
      truncateSync(daemon.log);
      write((round + 1) * 100);
      await waitFor('what was written', async () => (await daemon.bans()).length === written);
    }
    await expectOnceEach(written);
  });

  it('in bursts, by rename and by copytruncate, faster than it is read', async () => {
    await daemon.start();
    for (let round = 1; round <= 5; round++) {
      write(300);
      if (round % 2 === 0) {
        copyFileSync(daemon.log, `${daemon.log}.${round}`);
        truncateSync(daemon.log);
      } else {
        renameSync(daemon.log, `${daemon.log}.${round}`);
      }
    }
    write(300);
    await expectOnceEach(written);
  });

  it('by copytruncate while the daemon is down', async () => {
    await daemon.start();
    write(50);
    await waitFor('the first bans', async () => (await daemon.bans()).length === 50);
    expect(await daemon.end()).toBe(0);

    write(50);
    copyFileSync(daemon.log, `${daemon.log}.1`);
    truncateSync(daemon.log);
    write(120);
    await daemon.start();

    await expectOnceEach(170);
  });

  it.each(['rename', 'copytruncate'])('twice by %s while the daemon is down', async (how) => {
    await daemon.start();
    write(50);
    await waitFor('the first bans', async () => (await daemon.bans()).length === 50);
    expect(await daemon.end()).toBe(0);

    for (const lines of [40, 30]) {
      write(lines);
      if (existsSync(`${daemon.log}.1`)) renameSync(`${daemon.log}.1`, `${daemon.log}.2`);
      if (how === 'rename') {
        renameSync(daemon.log, `${daemon.log}.1`);
      } else {
        copyFileSync(daemon.log, `${daemon.log}.1`);
        truncateSync(daemon.log);
      }
      await sleep(20);
    }
    write(20);
    await daemon.start();

    await expectOnceEach(90);
  });

  it('by copytruncate, of which only the copy is made when the daemon starts', async () => {
    await daemon.start();
    write(50);
    await waitFor('the first bans', async () => (await daemon.bans()).length === 50);
    expect(await daemon.end()).toBe(0);
    write(40);
    copyFileSync(daemon.log, `${daemon.log}.2`);
    truncateSync(daemon.log);
    await sleep(20);
    write(30);
    copyFileSync(daemon.log, `${daemon.log}.1`);

    await daemon.start();
    await waitFor('what was written', async () => (await daemon.bans()).length === 120);
    truncateSync(daemon.log);
    write(20);

    await expectOnceEach(90);
  });

  it('by kill -9 between a rename and the first line of the new file', async () => {
    await daemon.start();
    write(50);
    await waitFor('the first bans', async () => (await daemon.bans()).length === 50);
    write(50);
    await daemon.end('SIGKILL');
    const before = written;
    renameSync(daemon.log, `${daemon.log}.1`);
    writeFileSync(daemon.log, '');
    await daemon.start();
    write(50);

    await waitFor('all bans', async () => (await daemon.bans()).length === before + 50);
    expect((await daemon.status()).jails[0]).toMatchObject({ ignored: { seenWhileBanned: 0 } });
  });

  it('by rename while the daemon is down', async () => {
    await daemon.start();
    write(50);
    await waitFor('the first bans', async () => (await daemon.bans()).length === 50);
    expect(await daemon.end()).toBe(0);

    write(50);
    renameSync(daemon.log, `${daemon.log}.1`);
    write(50);
    await daemon.start();

    await expectOnceEach(100);
    expect((await daemon.why(attacker(0))).events.map(({ kind }) => kind)).toEqual([
      'offence',
      'ban',
    ]);
  });
});
