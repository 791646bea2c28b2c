import { isAddress } from './address.ts';
import type { Reader, Stop } from './reader.ts';

const zone = '(?:%[0-9A-Za-z._-]{1,15})?';

/** A part of a pattern: the source of a regex, and what it is in words if they say it better. */
type Part = string | { readonly source: string; readonly is: string };

/** An address in a pattern; its first group. */
export const ip: Part = { source: `([0-9A-Fa-f:.]{2,45})${zone}`, is: 'an address' };
/** The same without the group, for addresses that are our own. */
export const local: Part = { source: `[0-9A-Fa-f:.]{2,45}${zone}`, is: 'an address' };
const port = ' port [0-9]{1,5}';
export const maybePort = `(?:${port})?`;
export const maybePreauth = '(?: \\[preauth\\])?';

/**
 * A reader of what a pattern describes, from behind the prefix to the end of the message. The
 * pattern must be linear: bounded repetitions, and at most one `.*` (with a literal behind it).
 */
export function pattern(...parts: readonly Part[]): Reader {
  const regex = new RegExp(`${sourceOf(parts)}$`, 'y');
  return (message, at, stop) => {
    regex.lastIndex = at;
    const address = regex.exec(message)?.[1];
    if (address !== undefined && isAddress(address, 0, address.length)) return { address };
    return stop && tellStop(parts, message, at, stop);
  };
}

/** Leaves parts away from the end until the rest fits: that is how far the pattern got. */
function tellStop(parts: readonly Part[], message: string, at: number, stop: Stop): undefined {
  for (let count = parts.length; count >= 0; count--) {
    const regex = new RegExp(sourceOf(parts.slice(0, count)), 'y');
    regex.lastIndex = at;
    const found = regex.exec(message);
    if (!found) continue;
    // A whole pattern that fits but for its end, or for an address that only looks like one.
    const next = parts[count];
    const wanted = next === undefined ? 'an address, and the end' : inWords(next);
    return stop(at + found[0].length, wanted);
  }
  return stop(at, 'something else');
}

function sourceOf(parts: readonly Part[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.source)).join('');
}

function inWords(part: Part): string {
  return typeof part === 'string' ? `/${part}/` : part.is;
}

/** A reader of `ADDRESS[ port N]:CODE: TEXT`; before 7.1 `ADDRESS: CODE: TEXT`. */
export function disconnectCode(code: number, text: string): Reader {
  return pattern(ip, `(?:${port}:|: )`, `${code}: `, text);
}
