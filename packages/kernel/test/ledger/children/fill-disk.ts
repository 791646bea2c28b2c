// node fill-disk.ts FOLDER BALLAST: commits until the disk is full, makes room by deleting BALLAST,
// commits again, and says what was seen, as JSON.
import { rmSync } from 'node:fs';
import { CommandError } from '@remand/api';
import { FakeClock, memoryLogger } from '@remand/testkit';
import { newEntryId } from '../../../src/ledger/entry-id.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';

const clock = new FakeClock();
const [, , folder = '', ballast = ''] = process.argv;
const open = () => openLedger({ folder, clock, logger: memoryLogger() });
let ledger = open();

function commit(at: number): void {
  const address = `10.0.${at >> 8}.${at & 255}`;
  ledger.commit({
    bookmarks: [{ stream: 's', value: String(at), at }],
    offences: [{ jail: 'sshd', address, at, line: 'x'.repeat(20_000) }],
    entries: [
      { id: newEntryId(clock), host: 'h', at, kind: 'ban', holder: 'sshd', address, until: null },
    ],
    addRows: [{ list: 'l', target: address }],
  });
  // Lets the checkpoint beside the commits run too.
  clock.advance(2_000);
}

function commitUntilRefused(from: number): { readonly last: number; readonly code: string } {
  for (let at = from; ; at += 1) {
    try {
      commit(at);
    } catch (error) {
      return { last: at - 1, code: error instanceof CommandError ? error.code : String(error) };
    }
  }
}

function counts() {
  return {
    bookmark: Number(ledger.bookmark('s')?.value),
    offences: [...ledger.offencesSince(0)].length,
    holds: [...ledger.liveHolds(0)].length,
    rows: [...ledger.rows('l')].length,
  };
}

const full = { ...commitUntilRefused(1), ...counts() };
const stillFull = { ...commitUntilRefused(full.last + 1), ...counts() };
// A restart on the full disk.
ledger.close();
ledger = open();
const reopened = { code: commitUntilRefused(stillFull.last + 1).code, ...counts() };
rmSync(ballast);
commit(reopened.bookmark + 1);
console.log(JSON.stringify({ full, stillFull, reopened, after: counts() }));
ledger.close();
