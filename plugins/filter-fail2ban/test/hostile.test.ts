import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterWith, offer, samples } from './support.ts';

const banned = '192.0.2.1';
const victim = '6.6.6.6';
const filter = filterWith([]);

const pieces = [
  ...[' Ban ', 'Ban', 'Restore ', '] Ban ', '[', ']', '] ', ' [', victim, `[x] Ban ${victim}`, '%'],
  ...['NOTICE ', 'WARNING  ', 'fail2ban.actions: ', 'fail2ban.actions        [1]: ', '/32', ':'],
  ...['2001:db8:6::6', '\0', '\r', '\x1b[31m', '\xff', ' ', ''],
];
const arbText = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string()), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

const heads = [
  ['fail2ban.actions        [123]: NOTICE  ', undefined],
  ['fail2ban.actions: WARNING ', undefined],
  ['fail2ban.actions        [123]: NOTICE  ', 'fail2ban-server'],
  ['NOTICE ', 'fail2ban.actions'],
  ['', 'fail2ban'],
] as const;

describe('fail2ban and hostile text', () => {
  it.each(heads)('is not fooled by the name of a jail, behind %j', (head, program) => {
    fc.assert(
      fc.property(arbText, (jail) => {
        const found = offer(filter, `${head}[${jail}] Ban ${banned}`, program);
        if (!jail.includes(']')) expect(found).toEqual({ address: banned });
        else expect(found).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it.each(heads)(
    'counts no restored ban, whatever its jail is called, behind %j',
    (head, program) => {
      fc.assert(
        fc.property(arbText, (jail) => {
          const line = `${head}[${jail}] Restore Ban ${banned}`;
          expect(offer(filter, line, program)).toBeUndefined();
        }),
        { numRuns: 2000 },
      );
    },
  );

  it.each(heads)('blames nobody whom a text that is banned names, behind %j', (head, program) => {
    fc.assert(
      fc.property(arbText, arbText, (before, after) => {
        // A jail with an identifier of its own may ban user names.
        fc.pre(before !== '' || (after !== '' && !/^[\d.]/.test(after)));
        const line = `${head}[accounts] Ban ${before}${victim}${after}`;
        const whole = `${before}${victim}${after}`;
        const found = offer(filter, line, program);
        if (found) expect(found.address).toBe(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    `[accounts] Ban bob] Ban ${victim}`,
    `[accounts] Ban [sshd] Ban ${victim}`,
    `[accounts] Ban ${victim} `,
    `[accounts] Unban x] Ban ${victim}`,
    `[accounts] Found [sshd] Ban ${victim}`,
    `[accounts] Ban ${victim}:bob`,
    '[accounts] Ban host.example',
    '[accounts] Ban ',
    '[accounts] Ban',
    '[',
    '',
  ])('is silent about %j', (text) => {
    for (const [head, program] of heads) {
      expect(offer(filter, head + text, program), head).toBeUndefined();
    }
  });

  it('never throws, and gives nothing that is no address', () => {
    const arbLine = fc
      .tuple(fc.constantFrom(...samples), arbText, fc.nat())
      .map(([{ message, program }, text, at]) => {
        const cut = at % (message.length + 1);
        return [message.slice(0, cut) + text + message.slice(cut + (at % 7)), program] as const;
      });

    fc.assert(
      fc.property(arbLine, ([line, program]) => {
        const found = offer(filter, line, program);
        if (found) expect(found.address).toMatch(/^[\d.]{7,15}$|^[\da-f.:]{2,45}$/i);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is linear in the message', () => {
    for (const piece of pieces.filter((text) => text !== '')) {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
      const start = performance.now();
      for (const [head, program] of heads) offer(filter, `${head}[${text}] Ban ${text}`, program);
      expect(performance.now() - start, piece).toBeLessThan(500);
    }
  });
});
