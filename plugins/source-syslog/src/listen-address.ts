import { isIP } from 'node:net';

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `514`, `192.0.2.1:514` and `[2001:db8::1]:514`; a port alone is one of 127.0.0.1.
 * @returns undefined for what is none of these
 */
export function parseListenAddress(written: string | number): ListenAddress | undefined {
  if (typeof written === 'number') return withPort('127.0.0.1', written);
  if (/^[0-9]{1,5}$/.test(written)) return withPort('127.0.0.1', Number(written));
  const parts = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):([0-9]{1,5})$/i.exec(written);
  const host = parts?.[1] ?? parts?.[2] ?? '';
  const family = parts?.[1] === undefined ? 4 : 6;
  return isIP(host) === family ? withPort(host, Number(parts?.[3])) : undefined;
}

export function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.');
}

function withPort(host: string, port: number): ListenAddress | undefined {
  return port >= 1 && port <= 65_535 && Number.isInteger(port) ? { host, port } : undefined;
}
