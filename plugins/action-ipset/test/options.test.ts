import { describe, expect, it } from 'vitest';
import ipset from '../src/index.ts';
import { options } from '../src/options.ts';

describe('the options of ipset', () => {
  it.each([
    [{}, 'wanted `set`, `set6` or both'],
    [{ set: 'a', set6: 'a' }, 'is the same as `set`: a set of ipset holds one family'],
    [{ set: '-exist' }, expect.stringContaining('wanted 1 to 31 of letters')],
    [{ set: 'a b' }, expect.stringContaining('wanted 1 to 31 of letters')],
    [{ set: 'a'.repeat(32) }, expect.stringContaining('wanted 1 to 31 of letters')],
    [{ set6: 'a\nflush' }, expect.stringContaining('wanted 1 to 31 of letters')],
    [{ set: 'a', timeout: 5 }, expect.stringContaining('timeout')],
  ])('refuse %j', (given, message) => {
    const { error } = options.safeParse(given);

    expect(error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  it.each([
    [{ set: 'blocked' }, 'ipset/blocked'],
    [{ set6: 'blocked6' }, 'ipset/blocked6'],
    [{ set: 'blocked', set6: 'blocked6' }, 'ipset/blocked+blocked6'],
  ])('of %j make the list %s for every holder', (given, key) => {
    expect(ipset.listKey?.(options.parse(given), 'sshd')).toBe(key);
  });
});
