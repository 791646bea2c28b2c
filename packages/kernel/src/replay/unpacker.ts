import type { Duplex } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Packing } from '@remand/api';

const chunkSize = 262_144;

/** What can unpack files. */
export interface Unpacker {
  /** How files may be packed. */
  readonly packings: readonly Packing[];
  /** A stream that turns packed bytes into plain ones. Only for one of `packings`. */
  open(packing: Packing): Duplex;
}

/** What Node itself unpacks. */
export const nodeUnpacker: Unpacker = {
  packings: ['gzip', 'zstd'],
  open: (packing) =>
    packing === 'zstd' ? createZstdDecompress({ chunkSize }) : createGunzip({ chunkSize }),
};
