import { InternalError, printedTarget, type Target } from '@remand/api';
import type { Options } from './options.ts';

export type Family = 4 | 6;

export const families: readonly Family[] = [4, 6];

/** The comment on every rule that is remand's, but for those that name an address. */
const mark = '-m comment --comment remand';

/** The names and the rules of one list, written as `iptables-save` prints them. */
export class Layout {
  readonly chain: string;
  /** A rule that does nothing and says that the chain is remand's; it stands after the bans. */
  readonly markRule: string;
  /** The rules that lead here from each hook. */
  readonly jumps: readonly string[];
  readonly #target: Options['target'];

  /** @param list the key, such as `iptables-allports/sshd` */
  constructor(list: string, { target, ports, protocol = 'tcp' }: Options) {
    const [action, name = ''] = list.split('/');
    if (!/^[a-z0-9-]{1,20}$/.test(name))
      throw new InternalError(`"${name}" cannot name an iptables chain`);
    // A jail can have both actions. A chain's name ends at 28 characters, a set's at 31.
    this.chain = `remand${action === 'iptables-multiport' ? 'p' : ''}-${name}`;
    this.markRule = `-A ${this.chain} ${mark}`;
    this.#target = target;
    const protocols = protocol === 'both' ? ['tcp', 'udp'] : [protocol];
    const matches = ports
      ? protocols.map((one) => `-p ${one} -m multiport --dports ${multiport(ports)} `)
      : [''];
    this.jumps = matches.map((match) => `${match}${mark} -j ${this.chain}`);
  }

  /** The set that holds a family's addresses. */
  set(family: Family): string {
    return `${this.chain}-v${family}`;
  }

  setRule(family: Family): string {
    return `-A ${this.chain} -m set --match-set ${this.set(family)} src -j ${this.#verdict(family)}`;
  }

  /** @param target checked by `whyNotEnterable` */
  entryRule(target: Target, family: Family): string {
    const range = target.includes('/') ? target : `${target}/${family === 4 ? 32 : 128}`;
    return `-A ${this.chain} -s ${range} -j ${this.#verdict(family)}`;
  }

  /** A rule of the chain as `entryRule` writes it, for what iptables prints in another way. */
  asWritten(rule: string): string {
    const head = `-A ${this.chain} -s `;
    return rule.startsWith(`${head}::`) ? head + printedTarget(rule.slice(head.length)) : rule;
  }

  /** The target of a rule that `entryRule` wrote, whatever its verdict. */
  targetOf(rule: string, family: Family): Target | undefined {
    const head = `-A ${this.chain} -s `;
    if (!rule.startsWith(head)) return undefined;
    const found = /^(\S+) -j (?:DROP|REJECT(?: --reject-with \S+)?)$/.exec(rule.slice(head.length));
    const range = found?.[1];
    const whole = family === 4 ? '/32' : '/128';
    return range?.endsWith(whole) ? range.slice(0, -whole.length) : range;
  }

  /** Whether a rule is one that `setRule` wrote, whatever its verdict. */
  isSetRule(rule: string, family: Family): boolean {
    return rule.startsWith(`-A ${this.chain} -m set --match-set ${this.set(family)} src -j `);
  }

  /** Whether a rule of another chain is a jump of this list, whatever its ports. */
  isJump(rule: string): boolean {
    return rule.endsWith(`${mark} -j ${this.chain}`);
  }

  /** Whether a rule of another chain leads here, whoever wrote it. */
  leadsHere(rule: string): boolean {
    return rule.endsWith(` -j ${this.chain}`) || rule.endsWith(` -g ${this.chain}`);
  }

  #verdict(family: Family): string {
    if (this.#target === 'DROP') return 'DROP';
    return `REJECT --reject-with icmp${family === 6 ? '6' : ''}-port-unreachable`;
  }
}

/** Whether a rule is a jump to any list of remand: all of them share the first places. */
export function isAnyJump(rule: string): boolean {
  return rule.includes(`${mark} -j remand-`) || rule.includes(`${mark} -j remandp-`);
}

/** `22,6000:6010` */
function multiport(ports: readonly (number | string)[]): string {
  return ports.map((one) => String(one).replace('-', ':')).join(',');
}
