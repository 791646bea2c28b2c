import type { Notice, NoticeKind } from '@remand/api';

const at = Date.UTC(2026, 0, 5, 10);
const minuteMs = 60_000;
const weekMs = 604_800_000;

const ban: Notice = {
  id: 'notice-ban',
  kind: 'ban',
  at,
  summary: 'sshd banned 192.0.2.7 for 10m, until 2026-01-05 10:10:00 UTC, after 3 offences.',
  holder: 'sshd',
  address: '192.0.2.7',
  until: at + 10 * minuteMs,
  evidence: [
    'Jan  5 09:59:48 web1 sshd[711]: Failed password for root from 192.0.2.7 port 40112 ssh2',
    'Jan  5 09:59:53 web1 sshd[711]: Failed password for root from 192.0.2.7 port 40112 ssh2',
    'Jan  5 10:00:00 web1 sshd[713]: Failed password for admin from 192.0.2.7 port 40120 ssh2',
  ],
  ledger: {
    holds: [{ holder: 'sshd', until: at + 10 * minuteMs }],
    rung: null,
    bans: 2,
    history: [{ at: at - 90 * minuteMs, holder: 'sshd', until: at - 80 * minuteMs }],
  },
  undo: 'remand unban 192.0.2.7 --jail sshd',
};

/** A notice of each kind, as the kernel makes them. */
export const sampleNotices: Readonly<Record<NoticeKind, Notice>> = {
  ban,
  escalation: {
    ...ban,
    id: 'notice-escalation',
    kind: 'escalation',
    summary:
      'repeat-offender banned 192.0.2.7 for 1w, until 2026-01-12 10:00:00 UTC, as it was banned 3 times. Nothing more is told of it until then.',
    holder: 'repeat-offender',
    until: at + weekMs,
    ledger: {
      holds: [
        { holder: 'sshd', until: at + 10 * minuteMs },
        { holder: 'repeat-offender', until: at + weekMs },
      ],
      rung: 'repeat-offender',
      bans: 3,
      history: [
        { at: at - 180 * minuteMs, holder: 'sshd', until: at - 170 * minuteMs },
        { at: at - 90 * minuteMs, holder: 'sshd', until: at - 80 * minuteMs },
        { at, holder: 'sshd', until: at + 10 * minuteMs },
      ],
    },
    undo: 'remand unban 192.0.2.7 --all',
    silence: true,
  },
  unban: {
    id: 'notice-unban',
    kind: 'unban',
    at,
    summary: 'The ban of 192.0.2.7 by sshd was lifted as a mistake: it is ours.',
    holder: 'sshd',
    address: '192.0.2.7',
    ledger: { holds: [], rung: null, bans: 1 },
  },
  'not-enforced': {
    id: 'notice-not-enforced',
    kind: 'not-enforced',
    at,
    summary: '192.0.2.7 and 3 others are banned but not blocked by nftables/sshd: nft is missing.',
  },
  recovered: {
    id: 'notice-recovered',
    kind: 'recovered',
    at,
    summary: 'nftables/sshd blocks everything it should again.',
  },
  drift: {
    id: 'notice-drift',
    kind: 'drift',
    at,
    summary:
      'Somebody changed the firewall: nftables/sshd had 4 entries missing and 0 too many; it is being repaired.',
  },
  'still-seen': {
    ...ban,
    id: 'notice-still-seen',
    kind: 'still-seen',
    summary:
      '192.0.2.7 is banned by sshd and still seen: the list covers port 22 only. What to do: use iptables-allports.',
  },
  fuse: {
    id: 'notice-fuse',
    kind: 'fuse',
    at,
    summary:
      'The fuse has tripped: more than 20000 bans within 1m; no new range bans and no new rungs until the rate falls or "remand fuse reset".',
  },
  degraded: {
    id: 'notice-degraded',
    kind: 'degraded',
    at,
    summary:
      'jail sshd is degraded: /var/log/auth.log cannot be read. What to do: chmod g+r /var/log/auth.log',
  },
  digest: {
    id: 'notice-digest',
    kind: 'digest',
    at,
    summary:
      'Too much to be told one by one within 1h: 12 bans by sshd, 2 bans by nginx, 1 unban; 9 notices not sent, most of them in 192.0.2.0/24 (6).',
    digest: {
      of: 'overflow',
      since: at - 60 * minuteMs,
      until: at,
      counts: [
        { kind: 'ban', holder: 'sshd', count: 12 },
        { kind: 'ban', holder: 'nginx', count: 2 },
        { kind: 'unban', count: 1 },
      ],
      suppressed: [{ reason: 'the address is escalated already', count: 9 }],
      addresses: [{ address: '192.0.2.7', count: 4 }],
      networks: [{ network: '192.0.2.0/24', count: 6 }],
    },
  },
  started: { id: 'notice-started', kind: 'started', at, summary: 'remand has started.' },
  stopped: { id: 'notice-stopped', kind: 'stopped', at, summary: 'remand has stopped.' },
  test: {
    id: 'notice-test',
    kind: 'test',
    at,
    summary: 'This is a test: nothing happened.',
  },
};

/** A notice with this text wherever text can come from outside. */
export function hostileNotice(text: string): Notice {
  return {
    ...ban,
    summary: `${text} banned ${text}`,
    holder: text,
    address: text,
    evidence: [text, `sshd[1]: Failed password for ${text} from 192.0.2.7`],
    ledger: {
      holds: [{ holder: text, until: null }],
      rung: text,
      bans: 1,
      history: [{ at: 0, holder: text, until: null }],
    },
    undo: text,
    digest: {
      of: 'day',
      since: 0,
      until: 1,
      counts: [{ kind: 'ban', holder: text, count: 1 }],
      suppressed: [{ reason: text, count: 1 }],
      addresses: [{ address: text, count: 1 }],
      networks: [{ network: text, count: 1 }],
    },
  };
}

/** What attackers write as a user name: headers, parts, markup, links, escapes, and what is unseen. */
export const hostileTexts: readonly string[] = [
  ...['\r\nBcc: victim@evil.example\r\n', '\nSubject: owned\n\n', '\r\n\r\n', '\r\n.\r\n', '\0'],
  ...['--==boundary\r\nContent-Type: text/html\r\n\r\n', '=?utf-8?Q?=0D=0ABcc:_x@y.zz?=', '=0A'],
  ...['<a href="http://evil.example">', '<script>', '<img src=x onerror=alert(1)>', '</td></html>'],
  ...['<!--', '-->', ']]>', '&lt;a&gt;', '&#x3c;', '"', "'", '`', '<style>', 'javascript:alert(1)'],
  ...['http://evil.example/x', 'HTTPS://evil.example', 'www.evil.example', 'evil.example'],
  ...['mailto:a@b.cc', 'tel:+491234567', '//evil.example', '\\\\evil\\share', 'pam_unix.so'],
  ...['evil\u3002example', '\u202e', '\u2066', '\u200f', '\u061c', '\u00ad', '\u200b', '\ufeff'],
  ...['\u{e0041}', '\ud800', '\x1b[31m', '\x1b]8;;http://evil.example\x07', '\x9b31m', '\x7f'],
  ...['\u2028', '\u0085', '"},{"kind":"unban', '{{host}}', '💩', 'ünï', '漢字', ' ', '\t', 'root'],
  ...['-- \n', 'From root', '$(id)', '`id`', '%s', 'x'.repeat(100_000)],
];
