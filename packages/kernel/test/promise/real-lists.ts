import type { RealList } from './real-machine.ts';

/** Runs a program where the firewall is, and returns what it prints. */
export type Exec = (...argv: readonly string[]) => string;

/** What stands before `-` and the family of its sets, or is empty where there is nothing. */
function attempt(exec: Exec, ...argv: readonly string[]): string {
  try {
    return exec(...argv);
  } catch {
    // Somebody has removed it: then there is nothing in it.
    return '';
  }
}

const isV6 = (target: string) => target.includes(':');
const [whole4, whole6] = ['/32', '/128'];

/** A list of action nftables: a set for each width. */
export function nftList(exec: Exec, name: string): RealList {
  const chain = `ban-${name}`;
  const setFor = (target: string) => {
    const [, width = isV6(target) ? '128' : '32'] = target.split('/');
    return `${chain}-v${isV6(target) ? 6 : 4}_${width}`;
  };
  const elementOf = (target: string) => `{ ${target.split('/')[0]} }`;
  const sets = () =>
    [...attempt(exec, 'nft', 'list', 'sets', 'inet').matchAll(/set (\S+) \{/g)]
      .map(([, set = '']) => set)
      .filter((set) => set.startsWith(`${chain}-v`));
  const elements = (set: string) => {
    const { nftables }: { nftables: NftObject[] } = JSON.parse(
      exec('nft', '-j', 'list', 'set', 'inet', 'remand', set),
    );
    const width = set.slice(set.indexOf('_') + 1);
    const isOne = width === (set.includes('-v4_') ? '32' : '128');
    return nftables
      .flatMap((one) => one.set?.elem ?? [])
      .map((one) => (typeof one === 'string' ? one : one.elem.val))
      .map((address) => (isOne ? address : `${address}/${width}`));
  };
  return {
    options: { name },
    contents: () => sets().flatMap(elements),
    wipe: ({ container }) => {
      for (const set of sets()) exec('nft', 'flush', 'set', 'inet', 'remand', set);
      if (!container) return;
      attempt(exec, 'nft', 'flush', 'chain', 'inet', 'remand', chain);
      attempt(exec, 'nft', 'delete', 'chain', 'inet', 'remand', chain);
    },
    takeOut: (target) => {
      exec('nft', 'delete', 'element', 'inet', 'remand', setFor(target), elementOf(target));
    },
    putIn: (target) => {
      attempt(exec, 'nft', 'add', 'element', 'inet', 'remand', setFor(target), elementOf(target));
    },
  };
}

interface NftObject {
  readonly set?: { readonly elem?: readonly (string | { readonly elem: { val: string } })[] };
}

/** A list of action iptables-allports with sets of ipset. */
export function ipsetList(exec: Exec, name: string): RealList {
  const setFor = (target: string) => `remand-${name}-v${isV6(target) ? 6 : 4}`;
  const sets = [4, 6].map((family) => `remand-${name}-v${family}`);
  return {
    options: { name, variant: 'nft', ipset: 'yes' },
    contents: () =>
      sets.flatMap((set) =>
        [...attempt(exec, 'ipset', 'save', set).matchAll(/^add \S+ (\S+)/gm)].map(
          ([, target = '']) => target,
        ),
      ),
    wipe: () => {
      for (const set of sets) attempt(exec, 'ipset', 'flush', set);
    },
    takeOut: (target) => void exec('ipset', 'del', setFor(target), target, '-exist'),
    putIn: (target) => void attempt(exec, 'ipset', 'add', setFor(target), target, '-exist'),
  };
}

/** A chain in which each address has a rule, as without ipset and in shorewall's `dynamic`. */
export function chainList(exec: Exec, chain: string, options: unknown): RealList {
  const programFor = (target: string) => (isV6(target) ? 'ip6tables' : 'iptables');
  const change = (op: string, target: string) =>
    void attempt(exec, programFor(target), '-w', '5', op, chain, '-s', target, '-j', 'DROP');
  const withoutWhole = (range: string) => {
    const whole = isV6(range) ? whole6 : whole4;
    return range.endsWith(whole) ? range.slice(0, -whole.length) : range;
  };
  return {
    options,
    contents: () =>
      ['iptables', 'ip6tables'].flatMap((program) =>
        [...attempt(exec, program, '-w', '5', '-S', chain).matchAll(/ -s (\S+) /g)].map(
          ([, range = '']) => withoutWhole(range),
        ),
      ),
    wipe: () => {
      for (const program of ['iptables', 'ip6tables']) {
        attempt(exec, program, '-w', '5', '-F', chain);
      }
    },
    takeOut: (target) => change('-D', target),
    putIn: (target) => change('-A', target),
  };
}
