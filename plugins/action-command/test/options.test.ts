import { describe, expect, it } from 'vitest';
import command from '../src/index.ts';
import { options } from '../src/options.ts';

const add = ['/usr/local/sbin/block', '{address}'];
const remove = ['/usr/local/sbin/block', '-d', '{address}'];

describe('the options of command', () => {
  it.each([
    ['add and remove', { name: 'edge', add, remove }],
    ['a batch', { name: 'edge', batch: ['/usr/local/sbin/block'], list: ['/bin/cat', '/x'] }],
    [
      'placeholders as parts of arguments',
      {
        name: 'edge',
        add: ['/usr/bin/curl', '-d', '{"ip":"{base}/{prefix}","v":{family},"s":{seconds}}', '-'],
        remove: ['/usr/bin/curl', '--url=http://192.0.2.1/{base}'],
        countsTo: '7d',
      },
    ],
    [
      'a script that is given its values as arguments',
      {
        name: 'edge',
        add: ['/bin/sh', '-c', 'block "$1"', 'block', '{address}'],
        remove: ['/bin/sh', '/etc/remand/unblock', '{address}'],
      },
    ],
  ])('take %s', (_what, given) => {
    expect(options.safeParse(given).error).toBeUndefined();
  });

  const script = expect.stringContaining('a value must not become a part of a script');

  it.each([
    [{ add, remove }, 'name', expect.stringContaining('expected string')],
    [{ name: 'Edge', add, remove }, 'name', expect.stringContaining('a-z')],
    [{ name: 'e', add: [], remove }, 'add', 'wanted a program and its arguments'],
    [{ name: 'e', add }, 'remove', 'is missing: wanted `add` and `remove`, or `batch`'],
    [{ name: 'e' }, 'add', 'is missing: wanted `add` and `remove`, or `batch`'],
    [{ name: 'e', add, remove, batch: ['/x'] }, 'batch', expect.stringContaining('instead of')],
    [
      { name: 'e', add: ['block', '{address}'], remove },
      'add.0',
      '"block" is no absolute path of a program',
    ],
    [{ name: 'e', batch: ['./block'] }, 'batch.0', '"./block" is no absolute path of a program'],
    [
      { name: 'e', add: ['/bin/{base}', '{address}'], remove },
      'add.0',
      'the program itself cannot be a placeholder',
    ],
    [
      { name: 'e', add: ['/x', '{adress}', '{address}'], remove },
      'add.1',
      '{adress} is not known: did you mean {address}?',
    ],
    [
      { name: 'e', add: ['/x', '{jail}', '{address}'], remove },
      'add.1',
      '{jail} is not known: there are {address}, {base}, {family}, {prefix}, {seconds}',
    ],
    [
      { name: 'e', batch: ['/x', '{address}'] },
      'batch.1',
      '{address} has no value here: the program is given no entry',
    ],
    [{ name: 'e', add: ['/x'], remove }, 'add', expect.stringContaining('names no address')],
    [
      { name: 'e', add: [...add, '{seconds}'], remove },
      'add',
      expect.stringContaining('always 0 without `countsTo`'),
    ],
    [
      { name: 'e', add, remove: [...remove, '{seconds}'], countsTo: '1d' },
      'remove',
      expect.stringContaining('no meaning'),
    ],
    [{ name: 'e', add: ['/bin/sh', '-c', 'block {address}'], remove }, 'add.2', script],
    [{ name: 'e', add: ['/bin/bash', '-euc', 'block {base}'], remove }, 'add.2', script],
    [{ name: 'e', add: ['/usr/bin/env', '-S', 'sh', '-c', '{address}'], remove }, 'add.4', script],
    [{ name: 'e', add: ['/usr/bin/perl', '-e', 'print {address}'], remove }, 'add.2', script],
    [{ name: 'e', add: ['/x', 'a\0', '{address}'], remove }, 'add.1', 'contains a null character'],
    [{ name: 'e', add, remove, timeout: '26s' }, 'timeout', 'is at most 25s'],
    [{ name: 'e', add, remove, countsTo: 'forever' }, 'countsTo', expect.stringContaining('10m')],
    [{ name: 'e', add, remove, families: [5] }, 'families.0', expect.any(String)],
  ])('refuse %j at %s', (given, path, message) => {
    const { error } = options.safeParse(given);

    const found = error?.issues.map((issue) => [issue.path.join('.'), issue.message]);
    expect(found).toContainEqual([path, message]);
  });

  it('make one list of all holders that name it', () => {
    expect(command.listKey?.(options.parse({ name: 'edge', add, remove }), 'sshd')).toBe(
      'command/edge',
    );
  });
});
