import type { LedgerEntry } from '@remand/api';
import { FakeClock } from '@remand/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressRecord } from '../../src/escalate/address-record.ts';
import { escalate } from '../../src/escalate/escalate.ts';
import { newEntryId } from '../../src/ledger/entry-id.ts';

const clock = new FakeClock(0);
const path = ['escalation', 0];
const rungs = [
  { path, name: 'repeat', after: 3, withinMs: 40, banTimeMs: 15 },
  { path, name: 'web-only', after: 2, jails: ['web'], withinMs: 20, banTimeMs: 30 },
  { path, name: 'ever', after: 2, of: 'repeat', withinMs: 200, banTimeMs: 500 },
];

const happening = fc.record({
  after: fc.nat(12),
  late: fc.constantFrom(0, 0, 0, 7),
  holder: fc.constantFrom('ssh', 'web'),
  observed: fc.boolean(),
});

describe(AddressRecord.name, () => {
  it('says the same when it is made of all entries as when they were added one by one', () => {
    let escalations = 0;
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (story) => {
        const entries: LedgerEntry[] = [];
        const kept = new AddressRecord(rungs);
        const newEntry = (entry: Omit<LedgerEntry, 'id' | 'host'>): LedgerEntry => ({
          id: newEntryId(clock),
          host: '',
          ...entry,
        });
        let now = 0;
        for (const { after, late, holder, observed } of story) {
          now += after;
          const at = Math.max(0, now - late);
          const details = { offences: 3, ...(observed && { observed }) };
          const ban = newEntry({
            ...{ kind: 'ban', holder, address: '198.51.100.1', at, until: at + 2 },
            details,
          });
          entries.push(ban);
          kept.add(ban);
          const given = { rungs: rungs.map((config) => ({ config })), newEntry, now };
          const made = escalate(ban, kept, given);
          const anew = escalate(ban, AddressRecord.of(rungs, entries), given);
          const known = new Set(entries.map(({ id }) => id));
          entries.push(...made);

          expect(anew.map((entry) => bare(entry, known))).toEqual(
            made.map((entry) => bare(entry, known)),
          );
          escalations += made.length;
        }
      }),
      { numRuns: 300, seed: 5 },
    );
    expect(escalations).toBeGreaterThan(500);
  });
});

/** What was made just now has other ids each time. */
function bare({ id: _id, ...entry }: LedgerEntry, known: ReadonlySet<string>) {
  const counted = entry.details?.counted?.map((one) => (known.has(one) ? one : 'new'));
  return { ...entry, details: { ...entry.details, counted } };
}
