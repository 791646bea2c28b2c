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
    dovecot: () => import('@remand/filters-mail'),
    exim: () => import('@remand/filters-mail'),
    fail2ban: () => import('@remand/filter-fail2ban'),
    patterns: () => import('@remand/filter-patterns'),
    postfix: () => import('@remand/filters-mail'),
    sshd: () => import('@remand/filter-sshd'),
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
