import type { StillSeenAddress } from '@remand/api';
import { describe, expect, it } from 'vitest';
import type { Paint } from '../../src/output/paint.ts';
import { concerns } from '../../src/render/attention.ts';
import { renderJail } from '../../src/render/jail.ts';
import { stillSeenConcerns } from '../../src/render/still-seen.ts';
import { at } from '../support/fake-terminal.ts';
import { jailStatus, statusReport } from '../support/samples.ts';

const plain: Paint = (_style, text) => text;
const one = (address: string, some: Partial<StillSeenAddress> = {}): StillSeenAddress => ({
  address,
  holder: 'sshd',
  lists: ['nftables/sshd'],
  firstAt: at(-60),
  lastAt: at(-1),
  times: 3,
  cause: 'wrong-port',
  reason: 'probably the wrong port',
  hint: 'leave `ports` out',
  ...some,
});

describe(stillSeenConcerns.name, () => {
  it('says each reason once, with what to do', () => {
    const latest = [
      one('192.0.2.1'),
      one('192.0.2.2'),
      one('192.0.2.3', { reason: 'probably a proxy', hint: 'block it there' }),
    ];

    expect(concerns(statusReport({ stillSeen: { addresses: 5, latest } }))).toEqual([
      {
        what: '192.0.2.1 and 1 more',
        reason: 'are banned by sshd and still seen: probably the wrong port',
        hint: 'leave `ports` out',
      },
      {
        what: '192.0.2.3',
        reason: 'is banned by sshd and still seen: probably a proxy',
        hint: 'block it there',
      },
      {
        what: 'still seen',
        reason: '2 more banned addresses go on',
        hint: '`remand why ADDRESS` says what is known of each',
      },
    ]);
  });

  it('stands in the report of its own jail', () => {
    const latest = [one('192.0.2.1'), one('192.0.2.2', { holder: 'web' })];
    const status = statusReport({ stillSeen: { addresses: 2, latest } });

    const text = renderJail(jailStatus(), status, plain);

    expect(text).toMatch(
      /^! 192\.0\.2\.1: is banned by sshd and still seen: probably the wrong port$/m,
    );
    expect(text).not.toContain('192.0.2.2');
  });

  it('is silent when nobody is', () => {
    expect(stillSeenConcerns(statusReport())).toEqual([]);
  });
});
