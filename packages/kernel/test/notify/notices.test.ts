import type { LedgerEntry, Notice } from '@remand/api';
import { FakeClock } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import type { Hold } from '../../src/ledger/ledger.ts';
import {
  banNotice,
  degradedNotice,
  driftNotice,
  fuseNotice,
  notEnforcedNotice,
  recoveredNotice,
  stillSeenNotice,
  unbanNotice,
} from '../../src/notify/notices.ts';
import { entry } from '../ledger/builders.ts';

const at = Date.UTC(2026, 0, 1);
const hold = (holder: string, until: number | null): Hold => ({
  holder,
  via: holder,
  target: '192.0.2.1',
  since: 0,
  until,
  observed: false,
});
const given = {
  clock: new FakeClock(at),
  holds: { of: () => [hold('nginx', null), hold('sshd', 5)] },
  ledger: {
    countedBans: () => [
      { holder: 'sshd', at: at - 9_000_000, until: at - 8_400_000 },
      { holder: 'nginx', at: at - 1_000_000, until: null },
    ],
  },
  rungs: ['first', 'second'],
};
const ban = (rest: Partial<LedgerEntry> = {}) =>
  banNotice(given, entry('ban', { at, until: at + 600_000, ...rest }));

describe(banNotice.name, () => {
  it('carries the true end, the evidence and what the ledger will know', () => {
    const notice = ban({ details: { offences: 3, evidence: ['a', 'b'] } });

    expect(notice).toEqual({
      id: expect.stringMatching(/-7/),
      kind: 'ban',
      at,
      summary: 'sshd banned 192.0.2.1 for 10m, until 2026-01-01 00:10:00 UTC, after 3 offences.',
      holder: 'sshd',
      address: '192.0.2.1',
      until: at + 600_000,
      evidence: ['a', 'b'],
      ledger: {
        holds: [
          { holder: 'nginx', until: null },
          { holder: 'sshd', until: at + 600_000 },
        ],
        rung: null,
        bans: 3,
        history: [
          { holder: 'sshd', at: at - 9_000_000, until: at - 8_400_000 },
          { holder: 'nginx', at: at - 1_000_000, until: null },
        ],
      },
      undo: 'remand unban 192.0.2.1 --jail sshd',
    });
  });

  it('of a rung is an escalation', () => {
    const notice = ban({ holder: 'second', until: null });

    expect(notice.kind).toBe('escalation');
    expect(notice.summary).toBe('second banned 192.0.2.1 for ever, as it was banned 2 times.');
    expect(notice.ledger).toMatchObject({ rung: 'second', bans: 2 });
  });

  it.each([
    ['observed', { details: { observed: true } }, /^sshd would ban 192/],
    ['ended', { details: { ended: true } }, /, which is over already\.$/],
    ['with a reason', { holder: 'admin', details: { reason: 'rude.' } }, /UTC: rude\.$/],
    ['far away', { until: 9e15 }, /for ever\.$/],
  ])('%s says so', (_what, rest, summary) => {
    expect(ban(rest).summary).toMatch(summary);
  });
});

describe('summaries', () => {
  it.each<[string, Notice, string]>([
    [
      'unban',
      unbanNotice(given, entry('unban', { details: { mistake: true, reason: 'my own' } })),
      'The ban of 192.0.2.1 by sshd was lifted as a mistake: my own.',
    ],
    [
      'not-enforced',
      notEnforcedNotice(given, { list: 'nftables', targets: ['192.0.2.1'], reason: 'set full' }),
      '192.0.2.1 is banned but not blocked by nftables: set full.',
    ],
    [
      'not-enforced',
      notEnforcedNotice(given, { list: 'nftables', targets: ['a', 'b', 'c'], reason: 'full' }),
      'a and 2 others are banned but not blocked by nftables: full.',
    ],
    [
      'recovered',
      recoveredNotice(given, { list: 'nftables' }),
      'nftables blocks everything it should again.',
    ],
    [
      'drift',
      driftNotice(given, { list: 'nftables', missing: 1, extra: 0 }),
      'Somebody changed the firewall: nftables had 1 entry missing and 0 too many; it is being repaired.',
    ],
    [
      'still-seen',
      stillSeenNotice(given, entry('still-seen', { at, details: { reason: 'a proxy' } }), {
        hint: 'block it there',
        until: null,
      }),
      '192.0.2.1 is banned by sshd and still seen: a proxy. What to do: block it there.',
    ],
    [
      'fuse',
      fuseNotice(given, { bans: 20_000, withinMs: 60_000 }),
      'The fuse has tripped: more than 20000 bans within 1m; no new range bans and no new rungs until the rate falls or "remand fuse reset".',
    ],
    [
      'degraded',
      degradedNotice(given, { what: 'jail sshd', reason: 'no log', hint: 'Look at its sources.' }),
      'jail sshd is degraded: no log. What to do: Look at its sources.',
    ],
  ])('of %s are one plain sentence', (kind, notice, summary) => {
    expect(notice).toMatchObject({ kind, summary });
  });

  it('escape whatever came from outside', () => {
    const hostile = 'x\r\nBcc: all@example.org\u001b[2J\u202e';
    const summaries = [
      ban({ holder: hostile, address: hostile, details: { reason: hostile } }),
      unbanNotice(given, entry('unban', { address: hostile, details: { reason: hostile } })),
      notEnforcedNotice(given, { list: hostile, targets: [hostile], reason: hostile }),
      recoveredNotice(given, { list: hostile }),
      driftNotice(given, { list: hostile, missing: 1, extra: 1 }),
      stillSeenNotice(
        given,
        entry('still-seen', { address: hostile, holder: hostile, details: { reason: hostile } }),
        { hint: hostile, until: null },
      ),
      degradedNotice(given, { what: hostile, reason: hostile, hint: hostile }),
    ].map(({ summary }) => summary);

    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
    for (const summary of summaries) expect(summary).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});
