import { isAddress } from './address.ts';
import type { Reader } from './reader.ts';

const zone = '(?:%[0-9A-Za-z._-]{1,15})?';

/** An address in a pattern; its first group. */
export const ip = `([0-9A-Fa-f:.]{2,45})${zone}`;
/** The same without the group, for addresses that are our own. */
export const local = `[0-9A-Fa-f:.]{2,45}${zone}`;
const port = ' port [0-9]{1,5}';
export const maybePort = `(?:${port})?`;
export const maybePreauth = '(?: \\[preauth\\])?';

/**
 * A reader of what a pattern describes, from behind the prefix to the end of the message. The
 * pattern must be linear: bounded repetitions, and at most one `.*` (with a literal behind it).
 */
export function pattern(source: string): Reader {
  const regex = new RegExp(`${source}$`, 'y');
  return (message, at) => {
    regex.lastIndex = at;
    const address = regex.exec(message)?.[1];
    return address !== undefined && isAddress(address, 0, address.length) ? { address } : undefined;
  };
}

/** A reader of `ADDRESS[ port N]:CODE: TEXT`; before 7.1 `ADDRESS: CODE: TEXT`. */
export function disconnectCode(code: number, text: string): Reader {
  return pattern(`${ip}(?:${port}:|: )${code}: ${text}`);
}
