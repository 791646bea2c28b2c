import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeClock, memoryLogger } from '@remand/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { startChild } from './children/run-child.ts';

const rounds = 20;

describe('a ledger whose process is killed', () => {
  it(`has moved bookmark, offences, bans and rows together, ${rounds} times`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'remand-crash-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    let before = 0;
    for (let round = 0; round < rounds; round += 1) {
      const said = await killedAfter(folder, 5 + Math.random() * 120);

      const logger = memoryLogger();
      const ledger = openLedger({ folder, clock: new FakeClock(), logger });
      const bookmark = Number(ledger.bookmark('s')?.value);
      const counts = [
        [...ledger.offencesSince(0)].length / 3,
        [...ledger.bansSince(0)].length,
        [...ledger.liveHolds(0)].length,
        [...ledger.rows('l')].length,
      ];
      ledger.close();

      expect(counts).toEqual([bookmark, bookmark, bookmark, bookmark]);
      // What was said to be committed is there, and at most the one commit more.
      expect([said, said + 1]).toContain(bookmark);
      expect(bookmark).toBeGreaterThan(before);
      expect(logger.lines).toEqual([]);
      before = bookmark;
    }
  });
});

/** Lets the child commit for some time, kills it and gives back the last commit that it told. */
async function killedAfter(folder: string, delayMs: number): Promise<number> {
  const child = startChild('commit-forever.ts', folder);
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  if (child.stdout) await once(child.stdout, 'data');
  await sleep(delayMs);
  child.kill('SIGKILL');
  await once(child, 'close');
  return Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
}
