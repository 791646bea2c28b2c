import type { Notice } from '@remand/api';
import { memoryLogger } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';

const notice: Notice = { id: '1', kind: 'ban', at: 0, summary: '192.0.2.1 banned' };
const signal = new AbortController().signal;

async function logged(...notices: readonly Notice[]) {
  const logger = memoryLogger();
  await plugin.create({ options: {} }, logger).deliver(notices, signal);
  return logger.lines;
}

describe('the notifier log', () => {
  it('writes one line a notice, oldest first', async () => {
    const lines = await logged(
      { ...notice, address: '192.0.2.1', holder: 'sshd', until: 1_000, evidence: ['a line'] },
      { ...notice, id: '2', kind: 'fuse', summary: 'too many bans' },
    );

    expect(lines).toEqual([
      {
        level: 'info',
        event: 'notice',
        fields: {
          id: '1',
          kind: 'ban',
          summary: '192.0.2.1 banned',
          holder: 'sshd',
          address: '192.0.2.1',
          until: '1970-01-01T00:00:01.000Z',
        },
      },
      {
        level: 'info',
        event: 'notice',
        fields: { id: '2', kind: 'fuse', summary: 'too many bans' },
      },
    ]);
  });

  it('says null for a ban that never ends', async () => {
    expect(await logged({ ...notice, until: null })).toMatchObject([{ fields: { until: null } }]);
  });

  it('has no options and says so', () => {
    expect(plugin.options.safeParse({}).success).toBe(true);
    expect(plugin.options.safeParse({ level: 'info' }).success).toBe(false);
  });
});
