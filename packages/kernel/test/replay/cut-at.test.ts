import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAt } from '../../src/replay/cut-at.ts';
import { LogTimes } from '../../src/replay/log-times.ts';

const start = Date.UTC(2026, 0, 1);

function times(): LogTimes {
  const now = Date.UTC(2026, 5, 1);
  return new LogTimes({ timeZone: 'UTC', modifiedAt: now, year: undefined, now });
}

describe(cutAt.name, () => {
  it('finds the first line at or after a time, as a look at each would', () => {
    const steps = fc.array(
      fc.record({
        // Some lines have no time, some are long.
        seconds: fc.oneof(fc.nat(3), fc.nat(500), fc.constant(undefined)),
        text: fc.string({ unit: fc.constantFrom('a', ' '), maxLength: 300 }),
      }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(steps, fc.nat(4_000), fc.boolean(), (given, pick, exactly) => {
        let at = start;
        let text = '';
        const dated: { at: number; offset: number }[] = [];
        for (const { seconds, text: rest } of [{ seconds: 0, text: '' }, ...given]) {
          at += (seconds ?? 0) * 1_000;
          if (seconds !== undefined) dated.push({ at, offset: text.length });
          const date = seconds === undefined ? '' : `${new Date(at).toISOString()} host app: `;
          text += `${date}${rest}\n`;
        }
        const some = dated[pick % dated.length]?.at ?? start;
        const limit = Math.max(start + 1, exactly ? some : start + pick * 1_000);
        const wanted = dated.find((line) => line.at >= limit)?.offset;
        const bytes = Buffer.from(text, 'latin1');

        const cut = cutAt(bytes, { start: 0, end: bytes.length, limit }, times());

        expect(cut).toBe(wanted ?? bytes.length);
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});
