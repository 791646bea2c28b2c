import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * The first bytes of a file as text; undefined when it cannot be read. It never waits for a pipe
 * that somebody put there.
 */
export async function readBeginning(path: string, mostBytes: number): Promise<string | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const buffer = Buffer.alloc(mostBytes);
    let size = 0;
    while (size < mostBytes) {
      const { bytesRead } = await file.read(buffer, size, mostBytes - size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    return buffer.toString('latin1', 0, size);
  } catch {
    // A process that ended meanwhile, or no permission: the caller says what it could not see.
    return undefined;
  }
}
