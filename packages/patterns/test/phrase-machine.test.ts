import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPatterns } from '../src/check-patterns.ts';
import { PhraseMachine } from '../src/phrase-machine.ts';

describe(PhraseMachine.name, () => {
  it('notices a phrase exactly when the text holds it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    const phrase = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(text, fc.array(phrase, { minLength: 1, maxLength: 3 }), (read, phrases) => {
        const machine = new PhraseMachine(phrases);
        let state = 0;
        for (const character of read) {
          if (state >= 0) state = machine.after(state, character.charCodeAt(0));
        }

        expect(state < 0).toBe(phrases.some((one) => read.includes(one)));
      }),
    );
  });

  it.each([
    // What the first does not hold ends it, so that nothing can be shared out.
    ['{a:text without " x="} x={b:text without ">"}> {address}', 0],
    ['{a:text without "yz"} x={b:text without ">"}> {address}', 1],
    ['rhost={address}[ user={user:text without "rhost="}]', 0],
    ['{ruser:text} rhost={address}[ user={user:text without "rhost="}]', 0],
    ['{ruser:text} rhost={address}[ user={user:text}]', 1],
  ])('counts in the proof of %s: %i problems', (template, problems) => {
    expect(checkPatterns({ patterns: [{ id: 'a', template }] })).toHaveLength(problems);
  });
});
