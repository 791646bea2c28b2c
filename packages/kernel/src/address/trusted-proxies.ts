import type { Match } from '@remand/api';
import { parseAddress } from './normalise.ts';
import { contains, parseRange, type Range } from './parse-target.ts';

/** A header of attackers is read so far. */
const mostHops = 50;

/** The reverse proxies that an administrator trusts to say who their client is. */
export class TrustedProxies {
  readonly #ranges: readonly Range[];

  /** @param configured addresses and ranges */
  constructor(configured: readonly string[] = []) {
    this.#ranges = configured.flatMap((text) => parseRange(text) ?? []);
  }

  /**
   * Whom a match blames. Each proxy adds the peer that it saw to the right of X-Forwarded-For, so that
   * the list is read from there: behind a trusted proxy stands what that one saw. What a client writes
   * into the header itself stands to the left of the first that is not trusted, and is never reached.
   * @returns the address as it was written; the proxy itself when nobody sure stands behind it
   */
  clientOf({ address, forwardedFor }: Match): string {
    if (forwardedFor === undefined || !this.#covers(address)) return address;
    const hops = forwardedFor.split(',');
    for (const hop of hops.slice(-mostHops).reverse()) {
      const text = withoutPort(hop.trim());
      if (parseAddress(text) === undefined) return address;
      if (!this.#covers(text)) return text;
    }
    return address;
  }

  #covers(text: string): boolean {
    if (this.#ranges.length === 0) return false;
    const range = parseAddress(text);
    return range !== undefined && this.#ranges.some((trusted) => contains(trusted, range));
  }
}

/** `[2001:db8::1]:443` and `192.0.2.1:443`, as some proxies write them (RFC 7239 has such forms too). */
function withoutPort(hop: string): string {
  const bracketed = /^\[([0-9A-Fa-f:.]{2,45})\](?::[0-9]{1,5})?$/.exec(hop);
  if (bracketed) return bracketed[1] ?? hop;
  return /^([0-9.]{7,15}):[0-9]{1,5}$/.exec(hop)?.[1] ?? hop;
}
