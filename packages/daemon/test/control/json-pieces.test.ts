import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPieces } from '../../src/control/json-pieces.ts';

describe(jsonPieces.name, () => {
  it('joins to what JSON.stringify makes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, depth) => {
        expect([...jsonPieces(value, depth)].join('')).toBe(JSON.stringify(value));
      }),
    );
  });

  it.each([[{ a: undefined, b: 1 }], [[undefined]], [{ at: new Date(0) }], [[]], [{}]])(
    'agrees on %j',
    (value) => {
      expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
    },
  );

  it('cuts a long answer into pieces', () => {
    const bans = Array.from({ length: 10_000 }, (_, index) => ({ address: `192.0.2.${index}` }));

    const pieces = [...jsonPieces({ id: 1, ok: true, result: bans })];

    expect(pieces.length).toBeGreaterThan(3);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(70_000);
  });
});
