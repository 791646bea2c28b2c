import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestName, printable, targetParts } from '../src/index.ts';

describe(nearestName.name, () => {
  it.each([
    ['maxretry', ['maxRetry', 'findTime'], 'maxRetry'],
    ['shhd', ['sshd', 'web'], 'sshd'],
    ['nftabels', ['nftables', 'iptables'], 'nftables'],
    ['banTim', ['findTime', 'banTime'], 'banTime'],
    ['a', ['b'], 'b'],
    ['ab', ['xy'], undefined],
    ['postfix', ['sshd', 'dovecot'], undefined],
    ['sshd', [], undefined],
    ['', ['sshd'], undefined],
  ])('%j among %j is most likely %j', (name, known, meant) => {
    expect(nearestName(name, known)).toBe(meant);
  });
});

describe(printable.name, () => {
  it.each([
    ['plain ü 漢 😀', 'plain ü 漢 😀'],
    ['a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['\u001b[31m\u0000\u007f\u009b', '\\x1b[31m\\x00\\x7f\\x9b'],
    ['\u202egnp.exe\u2066', '\\u{202e}gnp.exe\\u{2066}'],
    ['\u2028\u2029\ufeff\u200b', '\\u{2028}\\u{2029}\\u{feff}\\u{200b}'],
    ['\ud800x', '\\u{d800}x'],
    ['\u{e0041}', '\\u{e0041}'],
  ])('makes of %j %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('cuts what is too long, even inside a pair of surrogates', () => {
    expect(printable('abcdef', 3)).toBe('abc…');
    expect(printable('ab😀', 3)).toBe('ab\\u{d83d}…');
  });

  it('leaves nothing that a terminal would obey, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e]/u);
        expect(printable(text, 10).length).toBeLessThanOrEqual(10 * 9 + 1);
      }),
    );
  });
});

describe(targetParts.name, () => {
  it.each([
    ['192.0.2.1', { family: 4, base: '192.0.2.1', prefix: 32 }],
    ['192.0.2.0/24', { family: 4, base: '192.0.2.0', prefix: 24 }],
    ['2001:db8::1', { family: 6, base: '2001:db8::1', prefix: 128 }],
    ['2001:db8::/64', { family: 6, base: '2001:db8::', prefix: 64 }],
  ] as const)('splits %s', (target, parts) => {
    expect(targetParts(target)).toEqual(parts);
  });
});
