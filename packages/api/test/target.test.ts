import { describe, expect, it } from 'vitest';
import { printedTarget } from '../src/target.ts';

describe(printedTarget, () => {
  it.each([
    ['::1.2.3.4', '::102:304'],
    ['::255.0.0.1', '::ff00:1'],
    ['::1.2.0.0', '::102:0'],
    ['::1.2.3.0/120', '::102:300/120'],
    ['::1.2.3.4/128 -j DROP', '::102:304/128 -j DROP'],
    ['::102:304', '::102:304'],
    ['2001:db8::/64', '2001:db8::/64'],
    ['198.51.100.1', '198.51.100.1'],
    ['::1', '::1'],
    ['::', '::'],
    ['::1.2.3.4.example', '::1.2.3.4.example'],
  ])('reads %s as %s', (printed, target) => {
    expect(printedTarget(printed)).toBe(target);
  });
});
