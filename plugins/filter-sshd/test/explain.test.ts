import type { PatternTrial } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { filters, type Mode, modes, samples } from './support.ts';

const line = { program: 'sshd', pid: 1 };

describe('sshd explains itself', () => {
  it.each(modes)('in mode %s as it matches', (mode) => {
    const filter = filters[mode];
    for (const { message } of samples) {
      for (const text of [message, `error: ${message}`, message.slice(0, -3), `${message}!`]) {
        const trials = explain(mode, text);

        expect(trials.some(({ matched }) => matched)).toBe(filter.match(text, line) !== undefined);
        for (const { reached, matched } of trials) {
          expect(reached).toBeGreaterThanOrEqual(0);
          expect(reached).toBeLessThanOrEqual(text.length);
          if (matched) expect(reached).toBe(text.length);
        }
      }
    }
  });

  it('ends the list with the pattern that matched', () => {
    const trials = explain('normal', 'Invalid user oracle from 203.0.113.7 port 22');

    expect(trials.slice(0, -1).every(({ matched }) => !matched)).toBe(true);
    expect(trials.at(-1)).toMatchObject({ pattern: 'invalid-user', matched: true });
  });

  it.each([
    ['failed-login', 'Failed password for root from HOST port 22 ssh2', 'HOST', 'an address'],
    [
      'failed-login',
      'Failed none for root from 203.0.113.7 port 22 ssh2',
      'none',
      'other than none',
    ],
    ['failed-login', 'failed password for root', 'failed', '"Failed "'],
    ['failed-login', 'error: Failed', 'END', '"Failed "'],
    ['invalid-user', 'Invalid user x from 203.0.113.7 port x', 'x', 'a port'],
    ['root-refused', 'ROOT LOGIN REFUSED FROM host.example', 'host', 'an address'],
    ['client-gave-up', 'Received disconnect from 203.0.113.7: 11: Bye', '11: Bye', '"3: "'],
    ['tcp-wrappers', 'refused connect from 203.0.113.7 (x)', ' (x)', 'the end'],
    ['pam-error', 'PAM: all is well for root', 'll is', '"authentication"'],
    ['pam-error', '[ID 800047 auth.info] PAM: all is well', 'll is', '"authentication"'],
    ['pam-error', 'message repeated 2 times: [ PAM: all is well]', 'll is', '"authentication"'],
    ['denied-user', 'User a from 203.0.113.7 not allowed because x', 'x', 'listed in DenyUsers'],
    ['disconnecting-guesser', 'Disconnecting 203.0.113.7 port 22: Bye', 'Bye', 'Too many'],
    ['disconnecting-guesser', 'Disconnecting 203.0.113.7 port 22', 'END', '": "'],
  ])('says where %s stopped in %j', (pattern, message, at, wanted) => {
    const trial = explain('normal', message).find((one) => one.pattern === pattern);

    const place = at === 'END' ? message.length : message.lastIndexOf(at);
    expect(trial).toMatchObject({ matched: false, wanted: expect.stringContaining(wanted) });
    expect(message.slice(trial?.reached)).toBe(message.slice(place));
  });

  it('names the mode that would have matched', () => {
    const message = 'Connection closed by 203.0.113.7 port 22 [preauth]';

    expect(explain('normal', message).at(-1)).toEqual({
      pattern: 'closed',
      matched: false,
      reached: message.length,
      wanted: 'the option mode: ddos, or aggressive',
    });
    expect(explain('ddos', message).at(-1)).toMatchObject({ pattern: 'closed', matched: true });
  });
});

function explain(mode: Mode, message: string): readonly PatternTrial[] {
  return filters[mode].explain?.(message, line) ?? [];
}
