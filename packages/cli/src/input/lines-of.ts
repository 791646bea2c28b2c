/**
 * Cuts bytes into lines without their `\n`, a batch a chunk. Of a line that is longer than `most`
 * only that much is kept, so that no input fills the memory.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<readonly Uint8Array[]> {
  let rest: Buffer[] = [];
  let kept = 0;
  const keep = (part: Buffer) => {
    const piece = part.subarray(0, Math.max(0, most - kept));
    if (piece.length > 0) rest.push(piece);
    kept += piece.length;
  };
  const take = () => {
    const line = rest.length === 1 && rest[0] ? rest[0] : Buffer.concat(rest);
    rest = [];
    kept = 0;
    return line;
  };
  let isOpen = false;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      keep(bytes.subarray(start, end));
      lines.push(take());
      start = end + 1;
      isOpen = false;
    }
    if (start < bytes.length) {
      // A copy: the stream may use its chunk again.
      keep(Buffer.from(bytes.subarray(start)));
      isOpen = true;
    }
    if (lines.length > 0) yield lines;
  }
  if (isOpen) yield [take()];
}
