import { InternalError } from '@remand/api';
import type { Options } from './options.ts';

export const table = 'inet remand';

/** One hash set per family and width: interval sets refuse what overlaps and are slow to fill. */
export interface SetPlace {
  readonly family: 4 | 6;
  /** Bits of the network that its elements name. */
  readonly prefix: number;
}

/** The widths that every list has from the start; others are added when they are needed. */
export const usualSets: readonly SetPlace[] = [
  { family: 4, prefix: 32 },
  { family: 6, prefix: 64 },
  { family: 6, prefix: 128 },
];

/** The names of a list's chain and sets, and the scripts that make and remove them. */
export class Layout {
  readonly chain: string;
  readonly #options: Options;

  /** @param list the key, such as `nftables/sshd` */
  constructor(list: string, options: Options) {
    const name = list.slice(list.indexOf('/') + 1);
    if (!/^[a-z0-9-]{1,20}$/.test(name))
      throw new InternalError(`"${name}" cannot name an nftables chain`);
    this.chain = `ban-${name}`;
    this.#options = options;
  }

  setName({ family, prefix }: SetPlace): string {
    return `${this.chain}-v${family}_${prefix}`;
  }

  /** The place of one of this list's sets; undefined for the set of another. */
  placeOf(setName: string): SetPlace | undefined {
    if (!setName.startsWith(`${this.chain}-v`)) return undefined;
    const parts = /^(4|6)_([0-9]{1,3})$/.exec(setName.slice(this.chain.length + 2));
    return parts ? { family: parts[1] === '4' ? 4 : 6, prefix: Number(parts[2]) } : undefined;
  }

  /**
   * Makes what is missing and writes the rules anew, in one transaction: elements stay, and no
   * packet passes in between. A chain of its own at the hook, so that lists do not meet.
   * At prerouting the priority is before conntrack and NAT: established connections are cut, and
   * what is forwarded to containers is covered.
   * @param listing the table as it is
   */
  make(sets: readonly SetPlace[], listing = ''): string {
    const { chain } = this;
    const { hook } = this.#options;
    // The hook of a chain cannot be changed. Its sets stay, so nobody is let in.
    const isElsewhere = (this.#hookIn(listing) ?? hook) !== hook;
    return [
      `add table ${table}`,
      ...(isElsewhere ? [`flush chain ${table} ${chain}`, `delete chain ${table} ${chain}`] : []),
      `add chain ${table} ${chain} { type filter hook ${hook} priority -310; policy accept; }`,
      ...sets.map((place) => this.#set(place)),
      `flush chain ${table} ${chain}`,
      ...sets.flatMap((place) => this.#rules(place)),
      '',
    ].join('\n');
  }

  /** Adds sets to a list that is there; fails where it is not. */
  grow(fresh: readonly SetPlace[]): string {
    const lines = fresh.flatMap((place) => [this.#set(place), ...this.#rules(place)]);
    return lines.map((line) => `${line}\n`).join('');
  }

  remove(sets: readonly SetPlace[]): string {
    const { chain } = this;
    return [
      // Somebody may have deleted the chain alone.
      `add chain ${table} ${chain}`,
      `flush chain ${table} ${chain}`,
      `delete chain ${table} ${chain}`,
      ...sets.map((place) => `delete set ${table} ${this.setName(place)}`),
      '',
    ].join('\n');
  }

  /** Whether a terse listing of the table holds the chain, these sets and a rule for each. */
  isWhole(listing: string, sets: readonly SetPlace[]): boolean {
    return (
      listing.includes(`\tchain ${this.chain} {`) &&
      (this.#hookIn(listing) ?? this.#options.hook) === this.#options.hook &&
      sets.every((place) => {
        const name = this.setName(place);
        return listing.includes(`\tset ${name} {`) && listing.includes(`@${name} `);
      })
    );
  }

  #hookIn(listing: string): string | undefined {
    const start = listing.indexOf(`\tchain ${this.chain} {`);
    const chain = start < 0 ? '' : listing.slice(start, start + 300);
    return /^\tchain \S+ \{\n\t\ttype filter hook ([a-z]+) /.exec(chain)?.[1];
  }

  #set(place: SetPlace): string {
    return `add set ${table} ${this.setName(place)} { type ipv${place.family}_addr; flags timeout; }`;
  }

  #rules(place: SetPlace): string[] {
    const { block, ports, protocol = 'tcp' } = this.#options;
    const rule = (match: string, verdict: string) =>
      `add rule ${table} ${this.chain} ${this.#source(place)} ${match}${verdict}`;
    const protocols = protocol === 'both' ? (['tcp', 'udp'] as const) : [protocol];
    if (!ports) {
      // Ports or not, TCP is told with a reset, everything else with ICMP.
      return block === 'drop'
        ? [rule('', 'drop')]
        : [rule('meta l4proto tcp ', 'reject with tcp reset'), rule('', 'reject')];
    }
    return protocols.map((one) =>
      rule(
        `${one} dport { ${ports.join(', ')} } `,
        block === 'drop' ? 'drop' : one === 'tcp' ? 'reject with tcp reset' : 'reject',
      ),
    );
  }

  #source(place: SetPlace): string {
    const { family, prefix } = place;
    const address = family === 4 ? 'ip saddr' : 'ip6 saddr';
    const whole = prefix === (family === 4 ? 32 : 128);
    return `${address}${whole ? '' : ` & ${mask(place)}`} @${this.setName(place)}`;
  }
}

/** The netmask of a width, as nft reads it. */
function mask({ family, prefix }: SetPlace): string {
  const bits = family === 4 ? 8 : 16;
  const groups = Array.from({ length: family === 4 ? 4 : 8 }, (_, index) => {
    const ones = Math.min(bits, Math.max(0, prefix - index * bits));
    return ((2 ** bits - 1) << (bits - ones)) & (2 ** bits - 1);
  });
  return family === 4 ? groups.join('.') : groups.map((group) => group.toString(16)).join(':');
}
