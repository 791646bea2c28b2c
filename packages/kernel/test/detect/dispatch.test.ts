import { describe, expect, it } from 'vitest';
import { Dispatch } from '../../src/detect/dispatch.ts';
import { Header } from '../../src/detect/header/header.ts';
import { parseHeader } from '../../src/detect/header/parse-header.ts';

const given: Readonly<Record<string, readonly (string | null)[] | undefined>> = {
  mail: ['postfix*', 'sendmail'],
  submission: ['postfix/submission*'],
  sshd: ['sshd'],
  exim: [null, 'exim'],
  everything: undefined,
};
const groups = Object.entries(given).map(([id, programs]) => ({
  id,
  filter: { match: () => undefined, ...(programs && { programs }) },
  jails: [],
}));
const dispatch = new Dispatch(groups);

describe(Dispatch.name, () => {
  it.each([
    ['Nov 25 10:00:00 host postfix/smtpd[1]: x', ['mail', 'everything']],
    ['Nov 25 10:00:00 host postfix-out/smtpd[1]: x', ['mail', 'everything']],
    ['Nov 25 10:00:00 host postfix: x', ['mail', 'everything']],
    ['Nov 25 10:00:00 host postfix/submission/smtpd[1]: x', ['mail', 'submission', 'everything']],
    ['Nov 25 10:00:00 host postfi: x', ['everything']],
    ['Nov 25 10:00:00 host sshd[1]: x', ['sshd', 'everything']],
    ['Nov 25 10:00:00 host sshd-session[1]: x', ['everything']],
    ['2026-11-25 10:00:00 login x', ['exim', 'everything']],
    ['nothing that begins like a line of a log', []],
  ])('offers %j to %j', (line, wanted) => {
    const header = new Header();
    parseHeader(line, 0, line.length, header);

    expect(dispatch.rulesOf(line, header).map(({ group }) => group.id)).toEqual(wanted);
  });
});
