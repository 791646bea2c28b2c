import { describe, expect, it } from 'vitest';
import { Dispatch, type Rule } from '../../src/detect/dispatch.ts';
import { Header } from '../../src/detect/header/header.ts';
import { parseHeader } from '../../src/detect/header/parse-header.ts';

const given: Readonly<Record<string, readonly (string | null)[] | undefined>> = {
  mail: ['postfix*', 'sendmail'],
  submission: ['postfix/submission*'],
  sshd: ['sshd'],
  exim: [null, 'exim'],
  warden: ['warden'],
  wardens: ['warden*'],
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
    ['Nov 25 10:00:00 host warden[1]: x', ['warden', 'wardens', 'everything']],
    ['Nov 25 10:00:00 host warden_rs[1]: x', ['wardens', 'everything']],
    ['Nov 25 10:00:00 host sshd[1]: x', ['sshd', 'everything']],
    ['Nov 25 10:00:00 host sshd-session[1]: x', ['everything']],
    ['2026-11-25 10:00:00 login x', ['exim', 'everything']],
    ['nothing that begins like a line of a log', []],
  ])('offers %j to %j', (line, wanted) => {
    const header = new Header();
    parseHeader(line, 0, line.length, header);

    expect(idsOf(dispatch.rulesOf(line, header).rules)).toEqual(wanted);
  });

  it('offers a message to those of its rules that may begin with its first character', () => {
    const prefixes = { ab: ['ab', 'cd'], empty: ['', 'x'], ac: ['ac'], none: undefined };
    const { all } = new Dispatch(
      Object.entries(prefixes).map(([id, its]) => ({
        id,
        filter: { match: () => undefined, ...(its && { prefixes: its }) },
        jails: [],
      })),
    );

    expect(idsOf(all.offer('> abc', 2))).toEqual(['ab', 'empty', 'ac', 'none']);
    expect(idsOf(all.offer('cd', 0))).toEqual(['ab', 'empty', 'none']);
    expect(idsOf(all.offer('xyz', 0))).toEqual(['empty', 'none']);
    expect(idsOf(all.offer('ab', 2))).toEqual(['empty', 'none']);
    expect(all.rules.map(({ offered }) => offered)).toEqual([true, true, true, true]);
  });
});

function idsOf(rules: readonly Rule[]): (string | undefined)[] {
  return rules.map(({ group }) => group.id);
}
