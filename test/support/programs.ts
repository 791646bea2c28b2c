import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The system programs that tests use: the Debian package that has each, and what it is for.
 * `npm test` installs the missing ones as root on Debian; elsewhere their tests are skipped.
 */
export const programs = {
  nft: { package: 'nftables', reason: 'the firewall that bans are applied to' },
  ip: { package: 'iproute2', reason: 'network namespaces, so that no test touches the machine' },
  ss: { package: 'iproute2', reason: 'which programs listen, on which ports' },
  iptables: { package: 'iptables', reason: 'the firewall of older systems, in both its variants' },
  ipset: { package: 'ipset', reason: 'sets of addresses for iptables' },
  tcpdmatch: { package: 'tcpd', reason: 'whether hosts.deny turns an address away' },
  shorewall: { package: 'shorewall', reason: 'a firewall with one block list for all' },
  shorewall6: { package: 'shorewall6', reason: 'the same for IPv6' },
  conntrack: { package: 'conntrack', reason: 'whether a ban cuts an established connection' },
  faketime: { package: 'faketime', reason: 'steps of the wall clock for one process' },
  setpriv: { package: 'util-linux', reason: 'children that end with their parent' },
  nsenter: { package: 'util-linux', reason: 'programs in a private mount namespace' },
  prlimit: { package: 'util-linux', reason: 'a process that may open few files' },
  unshare: { package: 'util-linux', reason: 'private mount and network namespaces' },
  sysctl: { package: 'procps', reason: 'forwarding inside a network namespace' },
  journalctl: { package: 'systemd', reason: 'reading the journal' },
  'systemd-journal-remote': {
    package: 'systemd-journal-remote',
    reason: 'writing journal files into a temporary folder; no journal of the machine is touched',
  },
  rsyslogd: {
    package: 'rsyslog',
    reason: 'a real one, with a configuration of its own, that forwards to a test',
  },
  xz: { package: 'xz-utils', reason: 'packed logs' },
  nc: { package: 'netcat-openbsd', reason: 'the attacker and the server in a namespace' },
  openssl: { package: 'openssl', reason: 'certificates of a mail server, good and expired' },
  exim4: {
    package: 'exim4-daemon-light',
    reason: 'a real mail server that delivers to a mailbox, with a configuration of its own',
  },
  'fail2ban-server': {
    package: 'fail2ban',
    reason: 'log lines of a real one, with a configuration of its own in a network namespace',
  },
} as const satisfies Record<string, { package: string; reason: string }>;

export type Program = keyof typeof programs;

/** Where the administrator's programs and systemd's are; a user's PATH often lacks these folders. */
export const systemPath = ['/usr/sbin', '/sbin', '/usr/lib/systemd', '/lib/systemd'];

export function isInstalled(program: Program): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter).concat(systemPath);
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
