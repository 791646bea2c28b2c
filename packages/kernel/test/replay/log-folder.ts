import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** A folder of logs that is removed when the test is over. */
export class LogFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'remand-replay-'));

  constructor() {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** Writes lines; with a name that ends in `.gz` they are packed. @returns the path */
  write(name: string, lines: readonly string[] | Uint8Array, modifiedAt?: number): string {
    const path = join(this.path, name);
    const bytes =
      lines instanceof Uint8Array ? lines : Buffer.from(lines.map((l) => `${l}\n`).join(''));
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(bytes) : bytes);
    if (modifiedAt !== undefined) utimesSync(path, modifiedAt / 1000, modifiedAt / 1000);
    return path;
  }
}
