import { describe, expect, it } from 'vitest';
import { Layout, shownRoute } from '../src/layout.ts';
import { options } from '../src/options.ts';

const layout = new Layout(options.parse({}));

describe(Layout, () => {
  it('adds with a mark and a metric of its own, and never replaces', () => {
    expect(layout.addition('2001:db8:0:1::/64')).toBe(
      'route add blackhole 2001:db8:0:1::/64 proto 114 metric 114 table 7263',
    );
    expect(new Layout(options.parse({ type: 'unreachable' })).addition('198.51.100.7')).toContain(
      'route add unreachable 198.51.100.7 ',
    );
    expect(layout.removal({ target: '198.51.100.7', type: 'unreachable' })).toBe(
      'route del unreachable 198.51.100.7 proto 114 metric 115 table 7263',
    );
  });

  it.each([
    ['72:\tfrom all lookup 7263 proto 114 ', true],
    ['72:\tfrom all lookup 7263', true],
    ['72:\tfrom all lookup 72630 proto 114', false],
    ['73:\tfrom all lookup 7263 proto 114', false],
    ['72:\tfrom 198.51.100.0/24 lookup 7263 proto 114', false],
    ['72:\tfrom all lookup 7263 proto 3', false],
  ])('of the rule "%s" says that it is its own: %s', (line, isOwn) => {
    expect(layout.isRule(line)).toBe(isOwn);
  });
});

describe(shownRoute, () => {
  it.each([
    ['6 198.51.100.7 proto 114 metric 114 ', '198.51.100.7', 'blackhole'],
    ['blackhole 203.0.113.0/24 proto 114 metric 114', '203.0.113.0/24', 'blackhole'],
    [
      '7 2001:db8:0:1::/64 dev lo proto 114 metric 115 pref medium',
      '2001:db8:0:1::/64',
      'unreachable',
    ],
  ])('reads "%s"', (line, target, type) => {
    expect(shownRoute(line)).toEqual({ target, type });
  });

  it.each([
    '',
    'default via 198.51.100.254 dev eth0 proto 114 metric 114',
    '198.51.100.0/24 dev eth0 proto 2 scope link src 198.51.100.1',
    '6 198.51.100.7',
    '6 198.51.100.7 proto 114 metric 20',
    '6 198.51.100.7 proto 114 metric 115',
    '6 198.51.100.7 proto 186 metric 114',
    '8 198.51.100.7 proto 114 metric 114',
  ])('takes "%s" for that of somebody else', (line) => {
    expect(shownRoute(line)).toBeUndefined();
  });
});
