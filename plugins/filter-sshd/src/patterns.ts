import type { PatternEntry, PatternTable } from '@remand/patterns';
import { ddos } from './patterns/ddos.ts';
import { extra } from './patterns/extra.ts';
import { normal } from './patterns/normal.ts';
import { parts } from './patterns/parts.ts';

const inMode =
  (mode: string) =>
  (entry: PatternEntry): PatternEntry => ({ ...entry, mode });

/**
 * Every message that is recognised. The versions are those of OpenSSH; `5.0` stands for 5.0 or
 * earlier.
 */
export const patterns: PatternTable = {
  parts,
  patterns: [
    ...normal.map(inMode('normal')),
    ...ddos.map(inMode('ddos')),
    ...extra.map(inMode('extra')),
  ],
};
