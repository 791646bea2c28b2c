import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPatterns } from '../src/check-patterns.ts';
import type { Expression } from '../src/expression.ts';
import { parseTemplate } from '../src/parse-template.ts';
import { Pattern } from '../src/pattern.ts';

/** A way to read the beginning of a message. */
interface Reading {
  readonly end: number;
  readonly address: string | undefined;
}

/** Every way to read a message from `at` on: slow, and written for nothing but to be right. */
function* readings(expression: Expression, text: string, at: number): Generator<Reading> {
  switch (expression.kind) {
    case 'literal':
      if (text.startsWith(expression.text, at)) {
        yield { end: at + expression.text.length, address: undefined };
      }
      return;
    case 'repeat': {
      const one = new RegExp(`^[${expression.set}]$`);
      for (let end = at; end - at <= expression.max; end++) {
        if (end - at >= expression.min) yield { end, address: undefined };
        if (end >= text.length || !one.test(text.charAt(end))) return;
      }
      return;
    }
    case 'choice':
      for (const each of expression.of) yield* readings(each, text, at);
      return;
    case 'capture':
      for (const { end } of readings(expression.of, text, at)) {
        const address = expression.name === 'address' ? `${at}-${end}` : undefined;
        const behind = expression.behind;
        if (!behind) yield { end, address };
        else for (const after of readings(behind, text, end)) yield { ...after, address };
      }
      return;
    case 'sequence': {
      const [first, ...others] = expression.of;
      if (!first) {
        yield { end: at, address: undefined };
        return;
      }
      for (const one of readings(first, text, at)) {
        for (const rest of readings({ kind: 'sequence', of: others }, text, one.end)) {
          yield { end: rest.end, address: one.address ?? rest.address };
        }
      }
    }
  }
}

const pieces = [
  ...['a', ' ', ': ', 'from ', ' from ', ' x ', '{u:text}', '{w:word}', '{n:number}', '{p:port}'],
  ...[
    '[ {p:port}]',
    '[{w:word} ]',
    '(a|b: )',
    '{t:text without ":"}',
    '{other:address}',
    '[: {u:text}]',
  ],
];
const arbPieces = fc.array(fc.constantFrom(...pieces), { maxLength: 3 }).map((all) => all.join(''));
const arbTemplate = fc
  .tuple(arbPieces, fc.constantFrom('{address}', '{address:scoped-address}'), arbPieces)
  .map((parts) => parts.join(''));
const arbLine = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      ' ',
      ': ',
      'from ',
      ' from ',
      ' x ',
      '1',
      '22',
      '::1',
      '1.2.3.4',
      '::',
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((all) => all.join(''));

describe('a pattern that was proven', () => {
  it('has one reading of every line, and its regex finds it', () => {
    let proven = 0;
    let found = 0;

    fc.assert(
      fc.property(
        arbTemplate,
        fc.array(arbLine, { minLength: 30, maxLength: 30 }),
        (template, lines) => {
          const entry = { id: 'p', template };
          if (checkPatterns({ patterns: [entry] }).length > 0) return;
          proven++;
          const expression = parseTemplate(template);
          const pattern = new Pattern({ entry });
          for (const line of lines) {
            const all = new Set<string>();
            for (const { end, address } of readings(expression, line, 0)) {
              if (end === line.length && address !== undefined) all.add(address);
            }
            expect(all.size, `${template} in ${line}`).toBeLessThan(2);
            const [span] = all;
            const [from, to] = span?.split('-').map(Number) ?? [0, 0];
            const match = pattern.match(line, 0);
            if (match) {
              found++;
              expect(match.address).toBe(line.slice(from, to));
            }
          }
        },
      ),
      { numRuns: 3000 },
    );

    expect(proven).toBeGreaterThan(500);
    expect(found).toBeGreaterThan(50);
  }, 60_000);

  it('is refused with a line that has two', () => {
    fc.assert(
      fc.property(arbTemplate, (template) => {
        const [problem] = checkPatterns({ patterns: [{ id: 'p', template }] });
        const line = /two readings: in ("(?:[^"\\]|\\.)*")/.exec(problem?.message ?? '')?.[1];
        if (line === undefined) return;
        const text = JSON.parse(line) as string;
        const all = new Set<string>();
        for (const { end, address } of readings(parseTemplate(template), text, 0)) {
          if (end === text.length && address !== undefined) all.add(address);
        }
        expect(all.size, `${template} in ${text}`).toBeGreaterThan(1);
      }),
      { numRuns: 3000 },
    );
  }, 60_000);
});
