import type { StoredOffence } from './ledger.ts';

/**
 * Packs the offences of one commit: JSON in UTF-8, `[jails, base, jail index, address, ms after
 * base, line, jail index, …]`, in the order in which they counted. JSON because a line may hold
 * anything, and because V8 writes and reads nothing faster.
 */
export function packOffences(offences: readonly StoredOffence[]): {
  readonly newest: number;
  readonly data: Uint8Array;
} {
  const base = offences[0]?.at ?? 0;
  let newest = base;
  const jails = new Map<string, number>();
  const flat: (string | number)[] = [];
  for (const { jail, address, at, line } of offences) {
    let index = jails.get(jail);
    if (index === undefined) {
      index = jails.size;
      jails.set(jail, index);
    }
    if (at > newest) newest = at;
    flat.push(index, address, at - base, line);
  }
  return { newest, data: Buffer.from(JSON.stringify([[...jails.keys()], base, flat])) };
}

/** @returns the offences as they were packed, or undefined for bytes that are damaged */
export function unpackOffences(data: Uint8Array): readonly StoredOffence[] | undefined {
  try {
    const [jails, base, flat] = JSON.parse(bufferOf(data).toString()) as Packed;
    const offences: StoredOffence[] = [];
    for (let index = 0; index + 3 < flat.length; index += 4) {
      offences.push({
        jail: jails[Number(flat[index])] ?? '',
        address: String(flat[index + 1]),
        at: base + Number(flat[index + 2]),
        line: String(flat[index + 3]),
      });
    }
    return offences;
  } catch {
    // The pages of a blob carry no checksum; whoever asked counts what is lost.
    return undefined;
  }
}

/** Whether a blob may hold an offence of an address; cheap, so that most are never unpacked. */
export function mayHoldAddress(data: Uint8Array, address: string): boolean {
  return bufferOf(data).includes(JSON.stringify(address));
}

type Packed = readonly [readonly string[], number, readonly (string | number)[]];

function bufferOf(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
