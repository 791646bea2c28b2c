import { printable } from '@remand/api';
import { commandEnvironment, isOnPath } from './command-environment.ts';

/** Debian packages of the programs that bundled plugins run. */
const packages: Readonly<Record<string, string>> = {
  conntrack: 'conntrack',
  ip: 'iproute2',
  ip6tables: 'iptables',
  'ip6tables-restore': 'iptables',
  'ip6tables-save': 'iptables',
  ipset: 'ipset',
  iptables: 'iptables',
  'iptables-restore': 'iptables',
  'iptables-save': 'iptables',
  journalctl: 'systemd',
  nft: 'nftables',
  shorewall: 'shorewall',
  shorewall6: 'shorewall6',
  xz: 'xz-utils',
};

/** What to do about a program that could not be found. */
export function missingHint(program: string): string {
  const name = printable(program, 60);
  const known = Object.hasOwn(packages, program) ? packages[program] : undefined;
  if (known !== undefined) return `install ${name}: on Debian the package ${known}`;
  if (isOnPath(program)) return `${name} is there, but what it runs with is missing`;
  return `install ${name}, or put it into one of ${commandEnvironment.PATH}`;
}
