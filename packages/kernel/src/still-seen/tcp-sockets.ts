import { open } from 'node:fs/promises';
import { endianness } from 'node:os';

/** A TCP socket of this machine, from proc_pid_net(5). */
export interface TcpSocket {
  readonly port: number;
  /** The other end as text, a v4-mapped one as v4; undefined for one that listens. */
  readonly peer: string | undefined;
  readonly isOpen: boolean;
}

/** About 27 000 sockets: more are not needed to find out why an address is seen. */
const mostBytes = 4 * 1024 * 1024;
const files = ['/proc/net/tcp', '/proc/net/tcp6'];
/** enum in the kernel's net/tcp_states.h: ESTABLISHED, SYN_RECV, CLOSE_WAIT. */
const openStates = ['01', '03', '08'];
const listens = '0A';

/** The TCP sockets in the network namespace of this process; undefined where /proc has none. */
export async function tcpSockets(): Promise<readonly TcpSocket[] | undefined> {
  const texts = await Promise.all(files.map(beginning));
  const known = texts.filter((text) => text !== undefined);
  return known.length === 0 ? undefined : known.flatMap(parseTcpTable);
}

/** Reads the text of /proc/net/tcp or tcp6. A line that was cut is left out. */
export function parseTcpTable(text: string): TcpSocket[] {
  const line =
    /^ *[0-9]+: [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4} ([0-9A-F]{2}) /gm;
  return [...text.matchAll(line)].map(([, port = '', peer = '', state = '']) => ({
    port: Number.parseInt(port, 16),
    peer: state === listens ? undefined : addressOf(peer),
    isOpen: openStates.includes(state),
  }));
}

/** The kernel prints words of 32 bits as it keeps them: on most machines the last byte first. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => {
    const its = (word.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
    return endianness() === 'LE' ? its.reverse() : its;
  });
  const isMapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0);
  if (bytes.length === 4) return bytes.join('.');
  if (isMapped && bytes[10] === 255 && bytes[11] === 255) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return groups.join(':');
}

async function beginning(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path);
    const parts: Buffer[] = [];
    let size = 0;
    while (size < mostBytes) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(64 * 1024));
      if (bytesRead === 0) break;
      parts.push(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
    return Buffer.concat(parts).toString('latin1');
  } catch {
    // Another platform, or no permission: then only what the lists say of themselves is known.
    return undefined;
  }
}
