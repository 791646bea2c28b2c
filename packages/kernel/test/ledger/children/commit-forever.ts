// node commit-forever.ts FOLDER: goes on from the bookmark, one ban and three offences per commit,
// and says what is committed, until it is killed.
import { writeSync } from 'node:fs';
import { FakeClock, memoryLogger } from '@remand/testkit';
import { newEntryId } from '../../../src/ledger/entry-id.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';

const clock = new FakeClock();
const folder = process.argv[2] ?? '';
const ledger = openLedger({ folder, clock, logger: memoryLogger(), lockTimeoutMs: 5_000 });

for (let at = Number(ledger.bookmark('s')?.value ?? 0) + 1; ; at += 1) {
  const address = `2001:db8:0:${at.toString(16)}::/64`;
  const line = 'x'.repeat((at * 37) % 3_000);
  ledger.commit({
    bookmarks: [{ stream: 's', value: String(at), at }],
    offences: [0, 1, 2].map(() => ({ jail: 'sshd', address, at, line })),
    entries: [
      {
        id: newEntryId(clock),
        host: ledger.hostId,
        at,
        kind: 'ban',
        holder: 'sshd',
        address,
        until: null,
        details: { offences: 3, evidence: [line] },
      },
    ],
    addRows: [{ list: 'l', target: address }],
  });
  writeSync(1, `${at}\n`);
}
