import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inspectLog } from '../../src/replay/inspect-log.ts';
import { abuse } from '../kernel-rig.ts';
import { LogFolder } from './log-folder.ts';

const lines = Array.from({ length: 5_000 }, (_, n) => abuse('198.51.100.1', n * 1000));

describe(inspectLog.name, () => {
  it.each(['auth.log', 'auth.log.2.gz'])('takes %s', async (name) => {
    const path = new LogFolder().write(name, lines);

    expect(await inspectLog(path)).toMatchObject({
      path,
      size: statSync(path).size,
      packing: name.endsWith('.gz') ? 'gzip' : undefined,
    });
  });

  it('goes by what is in a file, not by its name', async () => {
    const folder = new LogFolder();
    const packed = folder.write('x.gz', lines);
    execFileSync('cp', [packed, join(folder.path, 'plain-name')]);

    expect(await inspectLog(join(folder.path, 'plain-name'))).toMatchObject({ packing: 'gzip' });
  });

  it('takes what is packed with zstd, in several frames as well', async () => {
    const frames = [lines.slice(0, 10), lines.slice(10)].map((part) =>
      zstdCompressSync(part.map((line) => `${line}\n`).join('')),
    );
    const path = new LogFolder().write('auth.log.3.zst', Buffer.concat(frames));

    expect(await inspectLog(path)).toMatchObject({ packing: 'zstd' });
  });

  it('takes a log with a hole in it, as a crash leaves one', async () => {
    const hole = Buffer.concat([Buffer.alloc(4_096), Buffer.from(`\n${lines[0]}\n`)]);

    expect(await inspectLog(new LogFolder().write('auth.log', hole))).toMatchObject({
      packing: undefined,
    });
  });

  it.each<[string, string, (folder: LogFolder) => string]>([
    ['a folder', 'is a folder', ({ path }) => path],
    ['a missing file', 'does not exist', ({ path }) => join(path, 'none')],
    ['an empty file', 'is empty', (folder) => folder.write('empty', [])],
    ['an empty gzip file', 'is empty', (folder) => folder.write('empty.gz', [])],
    [
      'a binary file',
      'is no text',
      (folder) => folder.write('bin', randomFillSync(Buffer.alloc(9_999))),
    ],
    [
      'a file without dates',
      'has no line with a date that can be read; its first is "hello \\x1b[2Jworld"',
      (folder) => folder.write('text', ['hello \u001b[2Jworld', 'and on']),
    ],
    [
      'an xz file',
      'is packed with xz',
      (folder) => folder.write('x', Buffer.from('fd377a585a0000', 'hex')),
    ],
    [
      'a gzip file that is cut in its beginning',
      'is a gzip file that ends too early',
      (folder) => {
        const path = folder.write('cut.gz', lines);
        truncateSync(path, 100);
        return path;
      },
    ],
    [
      'a gzip file with damage in its beginning',
      'is a gzip file that is damaged',
      (folder) => {
        const path = join(folder.path, 'bad.gz');
        writeFileSync(
          path,
          Buffer.concat([Buffer.from('1f8b0800000000000003', 'hex'), Buffer.alloc(99, 255)]),
        );
        return path;
      },
    ],
    [
      'a pipe',
      'is no regular file',
      ({ path }) => {
        execFileSync('mkfifo', [join(path, 'pipe')]);
        return join(path, 'pipe');
      },
    ],
    [
      'something below a file',
      'does not exist',
      (folder) => join(folder.write('file', lines), 'below'),
    ],
  ])('says of %s that it %s, and what to do', async (_what, reason, make) => {
    const folder = new LogFolder();

    const found = await inspectLog(make(folder));

    expect(found).toMatchObject({ hint: expect.stringMatching(/\w{4}/) });
    expect(Reflect.get(found, 'reason')).toContain(reason);
  });
});
