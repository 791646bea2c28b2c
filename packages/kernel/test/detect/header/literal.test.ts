import { describe, expect, it } from 'vitest';
import { Literal } from '../../../src/detect/header/literal.ts';

describe(Literal.name, () => {
  it.each([
    ['host app: x', 5, 'app', true],
    ['host app: x', 5, 'apt', false],
    ['host app: x', 5, 'bpp', false],
    ['host app', 5, 'app', true],
    ['host ap', 5, 'app', false],
    ['host \u0053', 5, '\u0153', false],
    ['host', 2, '', true],
  ])('finds in %j at %i the text %j: %j', (line, at, text, stands) => {
    expect(Literal.of(text).standsAt(line, at)).toBe(stands);
  });

  it('is empty when the text is longer than it can hold', () => {
    const literal = new Literal(3);

    literal.set('abcd', 0, 4);

    expect(literal.length).toBe(0);
  });
});
