import { type BinaryKind, binaryKind } from '../input/binary-kind.ts';
import { linesOf } from '../input/lines-of.ts';
import type { Input } from '../input/open-inputs.ts';
import type { Terminal } from '../terminal.ts';

/** What an input turned out to be. */
export interface InputLook {
  readonly name: string;
  readonly lines: number;
  readonly binary: BinaryKind | undefined;
}

/**
 * Hands over the lines of every input, in batches; waits for stdout between them, and ends early
 * when nobody reads it any more.
 */
export async function readLines(
  inputs: readonly Input[],
  given: {
    readonly terminal: Terminal;
    readonly maxLineBytes: number;
    /** `binary` is set when the input that they are of is no text. */
    readonly onLines: (lines: readonly Uint8Array[], binary: BinaryKind | undefined) => void;
  },
): Promise<readonly InputLook[]> {
  const { terminal, maxLineBytes, onLines } = given;
  const looks: InputLook[] = [];
  for (const input of inputs) {
    let binary: BinaryKind | undefined;
    let lines = 0;
    let isRead = true;
    // Two more than the longest line: a line that long is known to be too long, `\r` or not.
    for await (const batch of linesOf(watched(input), maxLineBytes + 2)) {
      lines += batch.length;
      onLines(batch, binary);
      isRead = await terminal.drained();
      if (!isRead) break;
    }
    looks.push({ name: input.name, lines, binary });
    if (!isRead) break;

    async function* watched({ chunks }: Input) {
      let isFirst = true;
      for await (const chunk of chunks()) {
        if (isFirst) binary = binaryKind(chunk);
        isFirst = false;
        yield chunk;
      }
    }
  }
  return looks;
}
