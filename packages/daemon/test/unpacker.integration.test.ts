import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { needs } from '../../../test/support/needs.ts';
import { unpacker } from '../src/unpacker.ts';

const pack = (text: string | Buffer) =>
  execFileSync('xz', ['-0'], { input: text, maxBuffer: 64 * 1024 * 1024 });

async function unpack(packed: Buffer): Promise<Buffer> {
  const unpacking = unpacker.open('xz');
  Readable.from([packed.subarray(0, 10), packed.subarray(10)]).pipe(unpacking);
  return buffer(unpacking);
}

needs('xz')('unpacker', () => {
  it('unpacks what xz has packed, of any size', async () => {
    const text = randomBytes(4_000_000);

    expect((await unpack(pack(text))).equals(text)).toBe(true);
    expect((await unpack(pack('a\n'))).toString()).toBe('a\n');
  });

  it('says of a file that is cut that it ends too early, and of a damaged one that it is', async () => {
    const packed = pack(randomBytes(100_000));
    const damaged = Buffer.from(packed);
    damaged.fill(0, 1_000, 2_000);

    await expect(unpack(packed.subarray(0, 50_000))).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
    await expect(unpack(damaged)).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
  });

  it('leaves nothing at work when it is given up', async () => {
    const unpacking = unpacker.open('xz');
    unpacking.write(pack(randomBytes(1_000_000)).subarray(0, 500_000));
    unpacking.destroy();

    const children = () =>
      execFileSync('ps', ['--ppid', String(process.pid), '-o', 'comm='], { encoding: 'utf8' });
    await expect.poll(children, { timeout: 10_000 }).not.toContain('xz');
  });
});
