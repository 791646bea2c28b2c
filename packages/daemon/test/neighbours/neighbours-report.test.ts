import { describe, expect, it } from 'vitest';
import { knownPrograms } from '../../src/neighbours/known-programs.ts';
import type { SeenNeighbour } from '../../src/neighbours/look-for-neighbours.ts';
import { neighboursReport, type OwnSide } from '../../src/neighbours/neighbours-report.ts';

function reportOf(own: Partial<OwnSide>, some: Partial<SeenNeighbour> = {}) {
  const [known] = knownPrograms;
  if (!known) throw new Error('there are no known programs');
  const seen: SeenNeighbour = {
    known,
    state: 'running',
    blocks: true,
    pid: 812,
    foundBy: ['process fail2ban-server (pid 812)'],
    keepsIn: 'f2b-*',
    ...some,
  };
  const all = { found: [seen], unseen: ['the rest'] };
  const report = neighboursReport(all, { lists: [], jails: [], ...own });
  expect(report.unseen).toEqual(['the rest']);
  const [first] = report.found;
  if (!first) throw new Error('it reports nothing');
  return first;
}

const own = { list: 'nftables/sshd', ownership: 'own' } as const;
const shared = { list: 'shorewall', ownership: 'shared' } as const;

describe(neighboursReport.name, () => {
  it('says that entries cannot meet in containers of our own', () => {
    const report = reportOf({ lists: [own] });

    expect(report).toMatchObject({ program: 'fail2ban', pid: 812, meetsIn: [], readBy: [] });
    expect(report.summary).toBe(
      'blocks addresses on this machine too (process fail2ban-server (pid 812)); what it blocks ' +
        'is in f2b-*; remand blocks in containers of its own: their entries cannot meet',
    );
    expect(report.hint).toMatch(/`remand unban`.*`fail2ban-client unban ADDRESS`/);
  });

  it('says in which lists they can', () => {
    const report = reportOf({ lists: [own, shared] });

    expect(report.meetsIn).toEqual(['shorewall']);
    expect(report.summary).toMatch(/can meet in shorewall/);
    expect(report.summary).not.toMatch(/cannot/);
  });

  it('promises nothing where no list is known', () => {
    expect(reportOf({}).summary).not.toMatch(/meet/);
  });

  it('names the jails that read its log', () => {
    const report = reportOf({
      lists: [own],
      jails: [
        { name: 'sshd', logs: ['/var/log/auth.log'] },
        { name: 'again', logs: ['/var/log/fail2ban.log'] },
      ],
    });

    expect(report.readBy).toEqual(['again']);
    expect(report.summary).toMatch(/; again reads its log: /);
  });

  it('says what does not block, and what does not run yet', () => {
    expect(reportOf({ lists: [shared] }, { blocks: false })).toMatchObject({
      blocks: false,
      summary: expect.stringMatching(/^decides on this machine, and nothing [^;]* was seen [^;]*$/),
      hint: expect.stringMatching(/^nothing/),
    });
    expect(reportOf({ lists: [own] }, { state: 'enabled', pid: null }).summary).toMatch(
      /^does not run now and will from the next boot on/,
    );
  });
});
