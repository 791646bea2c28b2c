import { describe, expect, it } from 'vitest';
import { concerns } from '../../src/render/attention.ts';
import { jailStatus, statusReport } from '../support/samples.ts';

const missing = {
  state: 'degraded',
  reason: '/var/log/auth.log does not exist',
  hint: 'check the path',
} as const;

describe(concerns.name, () => {
  it('says once what a jail has from its source', () => {
    const sources = [{ ...missing, label: '/var/log/auth.log' }];

    const found = concerns(statusReport({ jails: [{ ...jailStatus(), ...missing, sources }] }));

    expect(found).toEqual([{ what: 'jail sshd', reason: missing.reason, hint: missing.hint }]);
  });

  it('names the source where its reason does not, and keeps what is the jail’s own', () => {
    const sources = [{ ...missing, reason: 'permission denied', label: 'journal' }];

    const found = concerns(statusReport({ jails: [{ ...jailStatus(), ...missing, sources }] }));

    expect(found.map(({ what, reason }) => [what, reason])).toEqual([
      ['jail sshd', missing.reason],
      ['jail sshd, journal', 'permission denied'],
    ]);
  });

  it('says what a notifier refused for good, what to do, and what else nobody was told', () => {
    const log = { name: 'email', state: 'ok', queued: 0, delivered: 9, dropped: 5 } as const;
    const refused = { notices: 2, reason: '550 no such user' };
    const hint = 'is the address right?';

    const found = concerns(
      statusReport({
        notifiers: [
          { ...log, refused: { ...refused, hint } },
          { ...log, name: 'other', dropped: 2, refused },
        ],
      }),
    );

    expect(found).toEqual([
      {
        what: 'notifier email',
        reason: '2 notices were refused for good: 550 no such user',
        hint,
      },
      {
        what: 'notifier email',
        reason: '3 notices were given up',
        hint: expect.stringContaining('remand why'),
      },
      {
        what: 'notifier other',
        reason: '2 notices were refused for good: 550 no such user',
        hint: expect.stringContaining('remand check --notify'),
      },
    ]);
  });
});
