import type { Match } from '@remand/api';

/** A line as filters see it: one character a byte, without its carriage return. */
export function lineText(line: Uint8Array): string {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('latin1');
  return text.length > 1 && text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** Text that filters saw, decoded as people write it. */
export function decoded(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

/** What a filter answered, decoded. */
export function matchOf({ address, user }: Match): {
  readonly address: string;
  readonly user: string | null;
} {
  return { address: decoded(address), user: user === undefined ? null : decoded(user) };
}
