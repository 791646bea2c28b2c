/** What gives a program away, and what is to be said of it. */
export interface KnownProgram {
  readonly program: string;
  /** The names of processes that block. */
  readonly blockers: readonly string[];
  /** The names of processes that only decide. */
  readonly deciders?: readonly string[];
  /** Sockets that a running one listens on. */
  readonly sockets: readonly string[];
  readonly pidFiles: readonly string[];
  readonly units: readonly string[];
  /** Logs of its own. */
  readonly logs: readonly string[];
  /** Where it keeps what it blocks. */
  readonly keepsIn: string;
  /** By the name of a helper process, where that says it better. */
  readonly keepsInBy?: Readonly<Record<string, string>>;
  readonly unban: string;
}

/** From the programs' own manuals and what they make on a Debian 12. */
export const knownPrograms: readonly KnownProgram[] = [
  {
    program: 'fail2ban',
    blockers: ['fail2ban-server'],
    sockets: ['run/fail2ban/fail2ban.sock', 'var/run/fail2ban/fail2ban.sock'],
    pidFiles: ['run/fail2ban/fail2ban.pid', 'var/run/fail2ban/fail2ban.pid'],
    units: ['fail2ban.service'],
    logs: ['/var/log/fail2ban.log'],
    keepsIn:
      'the table inet f2b-table or chains and sets f2b-*, unless its banaction says otherwise',
    unban: '`fail2ban-client unban ADDRESS`',
  },
  {
    program: 'crowdsec',
    blockers: ['crowdsec-firewall-bouncer', 'cs-firewall-bouncer'],
    deciders: ['crowdsec'],
    sockets: [],
    pidFiles: [],
    units: ['crowdsec-firewall-bouncer.service'],
    logs: ['/var/log/crowdsec.log', '/var/log/crowdsec-firewall-bouncer.log'],
    keepsIn: 'the tables ip crowdsec and ip6 crowdsec6 or the sets crowdsec-blacklists',
    unban: '`cscli decisions delete --ip ADDRESS`',
  },
  {
    program: 'sshguard',
    blockers: ['sshguard', 'sshg-blocker'],
    sockets: [],
    pidFiles: ['run/sshguard.pid', 'var/run/sshguard.pid'],
    units: ['sshguard.service'],
    logs: [],
    keepsIn: 'tables, chains or sets named sshguard',
    keepsInBy: {
      'sshg-fw-nft-sets': 'the tables ip sshguard and ip6 sshguard',
      'sshg-fw-iptables': 'the chain sshguard',
      'sshg-fw-ipset': 'the sets sshguard4 and sshguard6',
      'sshg-fw-firewalld': 'the sets sshguard4 and sshguard6 of firewalld',
      'sshg-fw-hosts': 'a block of its own in the hosts.allow file',
    },
    unban: 'deleting it from its set',
  },
];
