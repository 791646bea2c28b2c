import type { LedgerEntry } from '@remand/api';
import { FakeClock, memoryLogger } from '@remand/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordOf } from '../../src/escalate/record-of.ts';
import { newEntryId } from '../../src/ledger/entry-id.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { ReplayLedger } from '../../src/replay/replay-ledger.ts';

const clock = new FakeClock(Date.UTC(2026, 0, 1));

const entry = fc
  .record({
    kind: fc.constantFrom('ban', 'expire', 'unban', 'extend', 'escalate', 'allow'),
    holder: fc.constantFrom('ssh', 'web', 'rung', 'admin'),
    address: fc.constantFrom('198.51.100.1', '198.51.100.2'),
    at: fc.nat(20),
    until: fc.option(fc.nat(40)),
    offences: fc.option(fc.constant(3), { nil: undefined }),
    observed: fc.boolean(),
    mistake: fc.boolean(),
  })
  .map(({ kind, holder, address, at, until, offences, observed, mistake }): LedgerEntry => {
    const evidence = offences === undefined ? undefined : ['one', 'two', 'three'];
    return {
      id: newEntryId(clock),
      host: 'host',
      kind: kind as LedgerEntry['kind'],
      ...{ holder, address, at, until },
      details: {
        ...(offences !== undefined && evidence && { offences, evidence }),
        ...(observed && { observed }),
        ...(mistake && kind === 'unban' && { mistake }),
      },
    };
  });

describe(ReplayLedger.name, () => {
  it('counts the bans that the ledger of a daemon counts', () => {
    fc.assert(
      fc.property(fc.array(fc.array(entry, { maxLength: 4 }), { maxLength: 12 }), (commits) => {
        const real = openLedger({ folder: null, clock, logger: memoryLogger() });
        const replayed = new ReplayLedger(clock);
        for (const entries of commits) {
          real.commit({ entries });
          replayed.commit({ entries });
        }

        for (const address of ['198.51.100.1', '198.51.100.2', '198.51.100.3']) {
          for (const since of [0, 10]) {
            expect(recordOf(replayed.recordEntries(address, since))).toEqual(
              recordOf(real.recordEntries(address, since)),
            );
            expect(replayed.countedBans(address, since)).toEqual(real.countedBans(address, since));
          }
          expect(replayed.countBans(address)).toBe(real.countBans(address));
        }
        real.close();
      }),
      { numRuns: 200, seed: 11 },
    );
  });
});
