// node hold-open.ts FOLDER: opens the ledger, says so, and waits to be killed.
import { FakeClock, memoryLogger } from '@remand/testkit';
import { openLedger } from '../../../src/ledger/open-ledger.ts';

openLedger({ folder: process.argv[2] ?? '', clock: new FakeClock(), logger: memoryLogger() });
console.log('open');
setInterval(() => undefined, 1_000_000);
