import { readFile } from 'node:fs/promises';

// utmp(5) on Linux: records of 384 bytes; a short type, 7 for a user's session; the peer's
// address in four 32-bit words at 348, of which v4 uses the first.
const recordSize = 384;
const userProcess = 7;
const addressAt = 348;

/**
 * The addresses that people are logged in from: utmp, and the session that this process was
 * started in. Locking out who is at work is worse than sparing an address.
 */
export async function loginPeers(): Promise<readonly string[]> {
  const peers = new Set<string>();
  const ownSession = process.env.SSH_CONNECTION?.split(' ')[0];
  if (ownSession) peers.add(ownSession);
  for (const path of ['/run/utmp', '/var/run/utmp']) {
    try {
      for (const peer of peersOf(await readFile(path))) peers.add(peer);
      break;
    } catch {
      // No utmp here (musl, or systemd without it).
    }
  }
  return [...peers];
}

export function peersOf(utmp: Uint8Array): string[] {
  const view = new DataView(utmp.buffer, utmp.byteOffset, utmp.byteLength);
  const peers: string[] = [];
  for (let at = 0; at + recordSize <= utmp.byteLength; at += recordSize) {
    if (view.getInt16(at, true) !== userProcess) continue;
    const bytes = [...utmp.subarray(at + addressAt, at + addressAt + 16)];
    if (bytes.every((byte) => byte === 0)) continue;
    if (bytes.slice(4).every((byte) => byte === 0)) peers.push(bytes.slice(0, 4).join('.'));
    else {
      const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((index) =>
        (((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)).toString(16),
      );
      peers.push(groups.join(':'));
    }
  }
  return peers;
}
