import type { NeighbourReport } from '@remand/api';
import { describe, expect, it } from 'vitest';
import type { Paint } from '../../src/output/paint.ts';
import { concerns } from '../../src/render/attention.ts';
import { renderCheck } from '../../src/render/check.ts';
import { neighbourConcerns } from '../../src/render/neighbours.ts';
import { renderStatus } from '../../src/render/status.ts';
import { statusReport } from '../support/samples.ts';

const plain: Paint = (_style, text) => text;
const one = (some: Partial<NeighbourReport> = {}): NeighbourReport => ({
  program: 'fail2ban',
  state: 'running',
  blocks: true,
  pid: 812,
  foundBy: [],
  meetsIn: [],
  readBy: [],
  summary: 'blocks addresses on this machine too',
  hint: 'let only one of them watch each log',
  ...some,
});
const found = [
  one(),
  one({ program: 'sshguard', state: 'enabled', summary: 'does not run now' }),
  one({ program: 'crowdsec', blocks: false, summary: 'decides' }),
];

describe(neighbourConcerns.name, () => {
  it('shows in status who blocks now', () => {
    const status = statusReport({ neighbours: { found, unseen: [] } });

    expect(concerns(status)).toEqual([
      {
        what: 'fail2ban',
        reason: 'blocks addresses on this machine too',
        hint: 'let only one of them watch each log',
      },
    ]);
  });

  it('shows in check whoever is there, as warnings', () => {
    const text = renderCheck(
      {
        files: ['remand.yaml'],
        values: [],
        lists: [],
        warnings: [],
        problems: [],
        neighbours: { found, unseen: [] },
      },
      plain,
    );

    expect(text).toBe(`! fail2ban: blocks addresses on this machine too
  → let only one of them watch each log
! sshguard: does not run now
  → let only one of them watch each log
! crowdsec: decides
  → let only one of them watch each log

no mistakes, with 3 warnings in remand.yaml
`);
  });

  it('says what could not be looked at', () => {
    const neighbours = { found: [], unseen: ['sockets', 'the rest'] };

    expect(renderStatus(statusReport({ neighbours }), plain)).toContain(
      'of other programs that block, this could not be seen: sockets; the rest\n',
    );
  });
});
