import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogBytes } from '../../src/replay/log-bytes.ts';
import { LogReader } from '../../src/replay/log-reader.ts';

const maxLineBytes = 600_000;

function bytesOf(text: string): LogBytes & { closed: boolean } {
  const all = Buffer.from(text, 'latin1');
  let at = 0;
  return {
    closed: false,
    get bytesRead() {
      return at;
    },
    async fill(buffer, offset) {
      const copied = all.copy(buffer, offset, at, at + buffer.length - offset);
      at += copied;
      return copied;
    },
    async close() {
      this.closed = true;
    },
  };
}

async function readAll(text: string): Promise<{ text: string; dropped: number; blocks: number }> {
  const reader = new LogReader(bytesOf(text), maxLineBytes);
  const blocks: string[] = [];
  let dropped = 0;
  for (let block = await reader.next(); block; block = await reader.next()) {
    blocks.push(block.bytes.toString('latin1'));
    dropped += block.dropped;
  }
  return { text: blocks.join(''), dropped, blocks: blocks.length };
}

describe(LogReader.name, () => {
  it('gives every line whole, and the last one without its end', async () => {
    const lines = Array.from({ length: 50_000 }, (_, n) => `line ${n} ${'x'.repeat(n % 97)}`);

    const read = await readAll(lines.join('\n'));

    expect(read.text).toBe(lines.join('\n'));
    expect(read.dropped).toBe(0);
    expect(read.blocks).toBeGreaterThan(2);
  });

  it('drops and counts lines that no block can hold, wherever they lie', async () => {
    // A block holds 1 201 024 bytes.
    const lengths = fc.array(
      fc.constantFrom(0, 10, 599_999, 600_000, 600_001, 1_201_023, 1_201_024, 2_500_000),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(lengths, async (given) => {
        const lines = given.map((length, n) => String(n).repeat(length));
        const read = await readAll(lines.map((line) => `${line}\n`).join(''));

        const kept = read.text.split('\n').slice(0, -1);
        const wanted = lines.filter((line) => line.length <= maxLineBytes);
        // One that is too long may still come; the detector does not match it then.
        expect(kept.filter((line) => line.length <= maxLineBytes)).toEqual(wanted);
        expect(kept.length + read.dropped).toBe(lines.length);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
