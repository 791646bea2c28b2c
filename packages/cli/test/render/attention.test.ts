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
});
