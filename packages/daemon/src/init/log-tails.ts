import { glob, open } from 'node:fs/promises';

const tailBytes = 262_144;
/** Rotated or per-site logs can be many. */
const mostFiles = 20;

/** The last lines of each file that can be read; a pattern stands for those that fit. */
export async function* logTails(
  paths: readonly string[],
): AsyncGenerator<{ readonly path: string; readonly lines: readonly Uint8Array[] }> {
  for (const pattern of paths) {
    let files = 0;
    for await (const path of isPattern(pattern) ? glob(pattern) : [pattern]) {
      if (++files > mostFiles) break;
      const lines = await tailOf(path);
      if (lines.length > 0) yield { path, lines };
    }
  }
}

function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

async function tailOf(path: string): Promise<readonly Uint8Array[]> {
  // Missing, or not for us: then it tells nothing.
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return [];
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return [];
    const from = Math.max(0, stat.size - tailBytes);
    const { buffer, bytesRead } = await file.read({
      position: from,
      buffer: Buffer.alloc(tailBytes),
    });
    const lines = buffer.subarray(0, bytesRead).toString('latin1').split('\n');
    // The first is cut, unless it is the first of the file.
    return lines.slice(from > 0 ? 1 : 0).map((line) => Buffer.from(line, 'latin1'));
  } finally {
    await file.close();
  }
}
