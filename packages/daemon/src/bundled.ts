import type { PluginKind } from '@remand/api';

/** The bundled plugins by kind and short name. Each is imported only when it is used. */
export const bundled: Readonly<
  Record<PluginKind, Readonly<Record<string, () => Promise<unknown>>>>
> = {
  source: {
    command: () => import('@remand/source-command'),
    file: () => import('@remand/source-file'),
    journal: () => import('@remand/source-journal'),
    syslog: () => import('@remand/source-syslog'),
  },
  filter: {
    'apache-auth': () => import('@remand/filters-web'),
    'apache-badbots': () => import('@remand/filters-web'),
    'apache-botsearch': () => import('@remand/filters-web'),
    'apache-noscript': () => import('@remand/filters-web'),
    'apache-overflows': () => import('@remand/filters-web'),
    asterisk: () => import('@remand/filters-network'),
    dovecot: () => import('@remand/filters-mail'),
    dropbear: () => import('@remand/filters-login'),
    exim: () => import('@remand/filters-mail'),
    fail2ban: () => import('@remand/filter-fail2ban'),
    'http-access': () => import('@remand/filters-web'),
    'mysqld-auth': () => import('@remand/filters-database'),
    'named-refused': () => import('@remand/filters-network'),
    'nginx-bad-request': () => import('@remand/filters-web'),
    'nginx-botsearch': () => import('@remand/filters-web'),
    'nginx-forbidden': () => import('@remand/filters-web'),
    'nginx-http-auth': () => import('@remand/filters-web'),
    'nginx-limit-req': () => import('@remand/filters-web'),
    'pam-generic': () => import('@remand/filters-login'),
    patterns: () => import('@remand/filter-patterns'),
    'port-scan': () => import('@remand/filters-network'),
    postfix: () => import('@remand/filters-mail'),
    postgresql: () => import('@remand/filters-database'),
    proftpd: () => import('@remand/filters-ftp'),
    'pure-ftpd': () => import('@remand/filters-ftp'),
    sshd: () => import('@remand/filter-sshd'),
    vsftpd: () => import('@remand/filters-ftp'),
  },
  action: {
    command: () => import('@remand/action-command'),
    'hosts-deny': () => import('@remand/action-hosts-deny'),
    ipfw: () => import('@remand/action-ipfw'),
    ipset: () => import('@remand/action-ipset'),
    'iptables-allports': () => import('@remand/action-iptables-allports'),
    'iptables-multiport': () => import('@remand/action-iptables-allports'),
    nftables: () => import('@remand/action-nftables'),
    observe: () => import('@remand/action-observe'),
    route: () => import('@remand/action-route'),
    shorewall: () => import('@remand/action-shorewall'),
  },
  notifier: {
    email: () => import('@remand/notifier-email'),
    log: () => import('@remand/notifier-log'),
    webhook: () => import('@remand/notifier-webhook'),
  },
};
