import { BlockList, isIP } from 'node:net';

/** The senders that are listened to. */
export class AllowList {
  readonly #list = new BlockList();

  /** @param entries addresses and ranges that `isSender` has found to be right */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const [address = '', prefix] = entry.split('/');
      const family = familyOf(address);
      if (prefix === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(prefix), family);
    }
  }

  allows(address: string): boolean {
    const plain = plainAddress(address);
    return isIP(plain) !== 0 && this.#list.check(plain, familyOf(plain));
  }
}

/** Whether it is an address, or a range such as `192.0.2.0/24`. */
export function isSender(written: string): boolean {
  const parts = /^([0-9a-f:.]+)(?:\/([0-9]{1,3}))?$/i.exec(written);
  const version = isIP(parts?.[1] ?? '');
  if (version === 0) return false;
  return parts?.[2] === undefined || Number(parts[2]) <= (version === 4 ? 32 : 128);
}

/** A socket of both families names an IPv4 sender `::ffff:192.0.2.1`. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=[0-9.]+$)/i, '').replace(/%.*$/, '');
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
