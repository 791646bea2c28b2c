import type { ReplayReport } from '@remand/daemon';
import { describe, expect, it } from 'vitest';
import { painter } from '../../src/output/paint.ts';
import { renderReplay } from '../../src/render/replay.ts';
import { replayProgress } from '../../src/render/replay-progress.ts';
import { at, noon } from '../support/fake-terminal.ts';

const plain = painter(false);

function report(some: Partial<ReplayReport> = {}): ReplayReport {
  return {
    lines: 2_000_000,
    matched: 900,
    seconds: 1.25,
    bans: [
      { address: '203.0.113.8', holder: 'sshd', rung: null, at: at(0), until: at(600) },
      { address: '203.0.113.9', holder: 'sshd', rung: 'repeat-offender', at: at(1), until: null },
    ],
    logs: [{ path: '/var/log/auth.log.1', from: at(-3600) }],
    jails: [
      {
        name: 'sshd',
        ...{ lines: 2_000_000, dated: 2_000_000, oversized: 0, matched: 900, offences: 700 },
        ...{ neverBan: 20, seenWhileBanned: 170, noAddress: 10, banned: 2, evicted: 0 },
      },
    ],
    addresses: [{ address: '203.0.113.8', matched: 880 }],
    networks: [{ address: '203.0.113.0/24', matched: 890 }],
    spared: [{ address: '192.0.2.7', matched: 20, why: 'neverBan of the configuration' }],
    warnings: [],
    ...some,
  };
}

describe(renderReplay.name, () => {
  it('shows what would have been done, and to whom', () => {
    expect(renderReplay(report(), plain)).toBe(`\
2 bans from 2000000 lines of one log, in 1.25 s (1.60 M lines/s)

LOG                  FROM
/var/log/auth.log.1  2026-11-24 11:00:00

JAIL    LINES  MATCHED  OFFENCES  WHILE BANNED  NEVER BAN  NO ADDRESS  BANS
sshd  2000000      900       700           170         20          10     2

BANNED       HOLDER                  AT                   UNTIL
203.0.113.8  sshd                    2026-11-24 12:00:00  2026-11-24 12:10:00
203.0.113.9  sshd (repeat-offender)  2026-11-24 12:00:01  for ever

BUSIEST ADDRESS  MATCHED
203.0.113.8          880

BUSIEST NETWORK  MATCHED
203.0.113.0/24       890

NEVER BANNED  MATCHED  WHY
192.0.2.7          20  neverBan of the configuration
`);
  });

  it('says what makes it less than exact, and shows at most fifty bans', () => {
    const [jail] = report().jails;
    const [ban] = report().bans;
    const text = renderReplay(
      report({
        bans: Array.from({ length: 60 }, () => ban ?? expect.fail()),
        jails: [{ ...(jail ?? expect.fail()), dated: 1_999_000, oversized: 300, evicted: 7 }],
        warnings: ['/var/log/\u001b[2Jx is empty'],
      }),
      plain,
    );

    expect(text).toContain('and 10 more; --json lists every one\n');
    expect(text.match(/^203\.0\.113\.8 +sshd/gm)).toHaveLength(50);
    expect(text.slice(text.indexOf('!'))).toBe(`\
! jail sshd: lines without a date count at the time of the line before: 700
! jail sshd: lines are longer than maxLine and were not matched: 300
! jail sshd: addresses were forgotten while they counted (maxTracked): 7
! /var/log/\\x1b[2Jx is empty
`);
  });

  it('says that nobody would have been banned', () => {
    const text = renderReplay(report({ bans: [], addresses: [], networks: [], spared: [] }), plain);

    expect(text).toContain('\nnobody would have been banned\n');
    expect(text).not.toContain('BUSIEST');
  });
});

describe(replayProgress.name, () => {
  it('shows a bar, the speed and the time of the log, ten times a second at most', () => {
    let now = 0;
    const shown: string[] = [];
    const progress = replayProgress(
      (line) => shown.push(line),
      () => now,
    );
    for (now = 0; now <= 1_000; now += 50) {
      progress({ bytes: now / 2, totalBytes: 1_000, lines: now * 1_500, at: noon });
    }

    expect(shown).toHaveLength(11);
    expect(shown.at(-1)).toBe(
      '████████████░░░░░░░░░░░░  50 %  1.50 M lines/s  2026-11-24 12:00:00',
    );
  });
});
