import { describe, expect, it } from 'vitest';
import { painter } from '../../src/output/paint.ts';
import { renderBans } from '../../src/render/bans.ts';
import { renderJail } from '../../src/render/jail.ts';
import { renderReload } from '../../src/render/reload.ts';
import { renderStatus } from '../../src/render/status.ts';
import { renderWhy } from '../../src/render/why.ts';
import { noon } from '../support/fake-terminal.ts';
import { banReports, jailStatus, listStatus, statusReport, whyReport } from '../support/samples.ts';

const plain = painter(false);

describe(renderStatus.name, () => {
  it('is one screen', () => {
    expect(renderStatus(statusReport(), plain)).toBe(`\
remand 0.1.0, pid 4711, since 2026-11-24 11:00:00 (1h ago)

all is well

4 live bans, 0 not enforced; fuse whole (4 of 20000 bans in 1m); 9 never-ban entries

JAIL  STATE  LINES  MATCHED  COUNTED  BANNED  LIVE  LAG  LAST MATCH
sshd  ok     12345      120      100       9     4   0s  2026-11-24 11:58:30 (1m 30s ago)

LIST           STATE  WANTED  ENFORCED  PENDING  FOREIGN  REPAIRED  HOLDERS
nftables/sshd  ok          4         4        0        0         2  sshd, admin

NOTIFIER  STATE  QUEUED  DELIVERED  IN DIGESTS  REFUSED  GIVEN UP
log       ok          0          9           0        0         0
`);
  });

  it('begins with what does not work and what to do about it', () => {
    const missing = { state: 'degraded', reason: 'nft is missing', hint: 'install nftables' };
    const text = renderStatus(
      statusReport({
        observe: true,
        lists: [listStatus(missing as never), listStatus({ list: 'b', paused: true })],
        jails: [jailStatus({ dated: 0, skewSeconds: -3590 })],
        fuse: { tripped: true, bans: 10, withinMs: 60_000, recent: 11 },
        neverBan: { entries: 1, problems: ['office.example.org: no answer'] },
      }),
      plain,
    );

    expect(text.split('\n\n').slice(0, 2).join('\n\n')).toBe(`\
remand 0.1.0, pid 4711, since 2026-11-24 11:00:00 (1h ago), only observing: no firewall is touched

! list nftables/sshd: nft is missing
  → install nftables
! list b: paused by flush: nothing is enforced
  → 'remand reload' enforces it again
! jail sshd: none of 12345 lines begins with a time that was understood
  → backlog cannot be dated; see the option header: none
! jail sshd: its log's clock is 59m 50s behind
  → that looks like another time zone: set timeZone of the source
! neverBan: office.example.org: no answer
  → its last good answer is kept; correct the name or the resolver
! fuse: more than 10 bans in 1m: no new range bans and no new rungs
  → if that is right: 'remand fuse reset'`);
  });

  it('colours a state on a terminal alone', () => {
    expect(renderStatus(statusReport(), plain)).not.toContain('\u001b');
    expect(renderStatus(statusReport(), painter(true))).toContain('\u001b[32mok\u001b[39m');
  });
});

describe(renderJail.name, () => {
  it('shows everything about one jail', () => {
    const jail = jailStatus({ skewSeconds: 5400 });

    expect(renderJail(jail, statusReport({ jails: [jail] }), plain)).toBe(`\
! jail sshd: its log's clock is 1h 30m ahead
  → that looks like another time zone: set timeZone of the source

jail         sshd
state        ok
filter       sshd
source       /var/log/auth.log (ok)
lines        12345, of which 12340 dated; 1 too long to be read
matched      120
counted      100
not counted  3 never to be banned, 15 seen while banned, 2 without an address
banned       9 since the start, 4 live now
counting     17 addresses of at most 100000; 0 forgotten
last match   2026-11-24 11:58:30 (1m 30s ago)
lag          0s, 0 bytes behind
log's clock  1h 30m ahead
`);
  });
});

describe(renderBans.name, () => {
  it('has a line for each hold', () => {
    expect(renderBans(banReports, noon, plain)).toBe(`\
ADDRESS            HOLDER  SINCE                UNTIL                        LISTS          ENFORCED
192.0.2.1          sshd    2026-11-24 11:59:00  2026-11-24 12:09:00 (in 9m)  nftables/sshd  yes
2001:db8:0:1::/64  sshd    2026-11-24 11:59:00  2026-11-24 12:01:00 (in 1m)  nftables/sshd  no: nft is missing
2001:db8:0:1::/64  admin   2026-11-24 10:00:00  for ever                     -              no
`);
  });

  it('says so when nobody is', () => {
    expect(renderBans([], noon, plain)).toBe('nobody is banned\n');
  });
});

describe(renderWhy.name, () => {
  it('tells the story with its evidence, and escapes it', () => {
    expect(renderWhy(whyReport, noon, plain)).toBe(`\
192.0.2.1 is banned until 2026-11-24 12:09:00 (in 9m)
  sshd holds it on nftables/sshd (not enforced: nft is missing) until 2026-11-24 12:09:00 (in 9m)
  repeat-offender holds it on ipset for ever

AT                   WHAT            HOLDER           DETAILS
2026-11-24 11:58:50  offence         sshd
2026-11-24 11:59:00  ban             sshd             until 2026-11-24 12:09:00
                                                      Failed password for \\x1b[2Jroot from 192.0.2.1
                                                      Failed password for root
2026-11-24 11:59:01  enforce-failed  sshd             on nftables/sshd; nft is missing
2026-11-24 11:59:02  escalate        repeat-offender  for ever; 3 bans within 1w; on the lists of sshd; only observed
2026-11-24 11:59:03  unban           sshd             a mistake: it counts for nothing
`);
  });
});

describe(renderReload.name, () => {
  const nothing = { added: [], changed: [], removed: [] };
  const reloaded = {
    reloaded: true,
    files: ['/etc/remand/remand.yaml'],
    warnings: [],
    jails: nothing,
    rungs: nothing,
    sources: nothing,
    lists: nothing,
    notifiers: nothing,
    emptied: [],
    stranded: [],
  } as const;

  it('says what has changed, and what is left to do', () => {
    const outcome = {
      ...reloaded,
      jails: { added: ['mail', 'web'], changed: ['sshd'], removed: [] },
      lists: { ...nothing, removed: ['nftables/old', 'hosts'] },
      emptied: [
        { list: 'nftables/old', removed: true },
        { list: 'hosts', removed: false, reason: 'no route\u001b[2J' },
      ],
      stranded: [{ holder: 'ssh', bans: 12 }],
      warnings: ['/etc/remand/jails.d/a is passed over'],
    };

    expect(renderReload(outcome, plain)).toBe(`\
reloaded /etc/remand/remand.yaml
  jails added: mail, web
  jails changed: sshd
  lists removed: nftables/old, hosts
! /etc/remand/jails.d/a is passed over
! list hosts is not empty yet: no route\\x1b[2J
! bans of ssh that are on no list any more: 12
`);
  });

  it('says that nothing has changed', () => {
    expect(renderReload(reloaded, plain)).toBe(`\
reloaded /etc/remand/remand.yaml
  jails, rungs, sources, lists and notifiers are the same
`);
  });

  it('shows mistakes as check does', () => {
    const problems = [
      { place: 'remand.yaml:3:1', path: 'jails', message: 'wrong', hint: 'do it right' },
      { path: '', message: 'gone' },
    ];

    expect(renderReload({ reloaded: false, problems }, plain)).toBe(`\
✗ remand.yaml:3:1  jails: wrong
  → do it right
✗ gone
not reloaded: 2 mistakes; nothing has changed
`);
  });
});
