import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/input/lines-of.ts';

describe(linesOf.name, () => {
  it.each([
    [[''], []],
    [['a\nb\n'], ['a', 'b']],
    [['a\nb'], ['a', 'b']],
    [['\n\n'], ['', '']],
    [
      ['a', 'b\nc', '\n', 'd'],
      ['ab', 'c', 'd'],
    ],
    [['a\r\n\0\n'], ['a\r', '\0']],
    [
      ['0123', '4567', '89\nx\n', 'y'.repeat(20)],
      ['01234567', 'x', 'yyyyyyyy'],
    ],
  ])('cuts %j into %j', async (chunks, expected) => {
    const lines: string[] = [];
    for await (const batch of linesOf(reusing(chunks), 8)) {
      for (const line of batch) lines.push(Buffer.from(line).toString('latin1'));
    }

    expect(lines).toEqual(expected);
  });
});

/** Chunks that are only good until the next one is asked for. */
async function* reusing(chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  const memory = Buffer.alloc(64);
  for (const chunk of chunks) {
    memory.fill('#');
    yield memory.subarray(0, memory.write(chunk, 'latin1'));
  }
}
