import { Duplex } from 'node:stream';
import { printable } from '@remand/api';
import { nodeUnpacker, type Unpacker } from '@remand/kernel';
import { execa } from 'execa';
import { commandEnvironment } from './command-environment.ts';
import { missingHint } from './missing-hint.ts';

/** What this machine unpacks: Node knows gzip and zstd, the program `xz` its own. */
export const unpacker: Unpacker = {
  packings: [...nodeUnpacker.packings, 'xz'],
  open: (packing) => (packing === 'xz' ? unpackXz() : nodeUnpacker.open(packing)),
};

/** `xz -dc` as a stream. It fails as those of zlib do, with a code that begins with `Z_`. */
function unpackXz(): Duplex {
  const child = execa('xz', ['--decompress', '--stdout'], {
    env: commandEnvironment,
    extendEnv: false,
    cwd: '/',
    encoding: 'buffer',
    buffer: { stdout: false },
    maxBuffer: 4_096,
    reject: false,
    cleanup: false,
  });
  const { stdin, stdout } = child;
  // How the program ended says why nobody reads any more.
  for (const pipe of [stdin, stdout]) pipe.on('error', () => undefined);
  const duplex = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      if (stdin.destroyed) done();
      else stdin.write(chunk, () => done());
    },
    final: (done) => {
      stdin.end();
      done();
    },
    destroy: (error, done) => {
      child.kill('SIGKILL');
      done(error);
    },
  });
  stdout.on('data', (chunk: Buffer) => {
    if (!duplex.push(chunk)) stdout.pause();
  });
  void child.then((result) => {
    if (!result.failed) duplex.push(null);
    else duplex.destroy(failure(result));
  });
  return duplex;
}

function failure({
  code,
  stderr,
}: {
  readonly code?: string | undefined;
  readonly stderr: Uint8Array;
}): Error {
  if (code === 'ENOENT') return Object.assign(new Error(missingHint('xz')), { code: 'Z_MISSING' });
  const words = Buffer.from(stderr).toString('latin1').trim();
  const isCut = words.includes('Unexpected end of input');
  const message = printable(words, 200);
  return Object.assign(new Error(message), { code: isCut ? 'Z_BUF_ERROR' : 'Z_DATA_ERROR' });
}
