import { describe, expect, it } from 'vitest';
import { disjunction, Selection } from '../src/selection.ts';

describe(Selection.name, () => {
  const selection = new Selection({
    identifiers: ['sshd', 'sshd-session'],
    units: ['ssh', 'init.scope'],
    matches: ['_UID=0', 'ODD=a=b'],
  });

  it('tells journalctl what is wanted', () => {
    expect(selection.args).toEqual([
      'ODD=a=b',
      'SYSLOG_IDENTIFIER=sshd',
      'SYSLOG_IDENTIFIER=sshd-session',
      '_SYSTEMD_UNIT=init.scope',
      '_SYSTEMD_UNIT=ssh.service',
      '_UID=0',
    ]);
  });

  it.each<[string, Record<string, unknown>, boolean]>([
    ['all that fits', {}, true],
    ['another value', { SYSLOG_IDENTIFIER: 'sshd-session' }, true],
    ['a value that was not named', { _UID: '1000' }, false],
    ['a missing field', { ODD: undefined }, false],
    ['a repeated field', { _SYSTEMD_UNIT: ['x.service', 'ssh.service'] }, true],
    ['bytes', { SYSLOG_IDENTIFIER: [115, 115] }, false],
  ])('judges %s as journalctl does', (_what, fields, accepted) => {
    const entry = {
      SYSLOG_IDENTIFIER: 'sshd',
      _SYSTEMD_UNIT: 'ssh.service',
      _UID: '0',
      ODD: 'a=b',
    };

    expect(selection.accepts({ ...entry, ...fields })).toBe(accepted);
  });

  it('has the same key for equal wishes, and for others another', () => {
    const keyOf = (...identifiers: string[]) => new Selection({ identifiers }).key;

    expect(keyOf('a', 'b')).toBe(keyOf('b', 'a'));
    expect(keyOf('a', 'b')).not.toBe(keyOf('a'));
  });
});

describe(disjunction.name, () => {
  it('joins wishes by +, and leaves out what is said twice', () => {
    const selections = [{ args: ['A=1', 'B=2'] }, { args: ['C=3'] }, { args: ['C=3'] }];

    expect(disjunction(selections, ['M=1'])).toEqual(['A=1', 'B=2', 'M=1', '+', 'C=3', 'M=1']);
  });

  it('matches nothing but the common field when somebody wants everything', () => {
    expect(disjunction([{ args: ['A=1'] }, { args: [] }], ['M=1'])).toEqual(['M=1']);
  });
});
