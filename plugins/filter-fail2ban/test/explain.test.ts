import type { PatternTrial } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { filterWith, samples } from './support.ts';

const filter = filterWith();

describe('fail2ban explains itself', () => {
  it('as it matches', () => {
    for (const { message, program } of samples) {
      for (const text of [message, message.slice(0, -1), message.slice(0, 40), `${message}!`, '']) {
        const trials = explain(text, program);
        const match = filter.match(text, { program, pid: 1 });

        expect(trials.some(({ matched }) => matched)).toBe(match !== undefined);
        for (const { reached, matched } of trials) {
          expect(reached).toBeGreaterThanOrEqual(0);
          expect(reached).toBeLessThanOrEqual(text.length);
          if (matched) expect(reached).toBe(text.length);
        }
      }
    }
  });

  it.each(samples.filter(({ form }) => form !== 'none' && form !== 'except'))(
    'ends the list with the form that matched: $form $message',
    ({ form, message, program }) => {
      expect(explain(message, program).at(-1)).toMatchObject({ pattern: form, matched: true });
    },
  );

  it.each([
    ['file', undefined, 'fail2ban.filter: INFO [x] Found', 'filter', 'fail2ban.actions'],
    ['file', undefined, 'fail2ban.actions: INFO [x] Ban', 'INFO', 'NOTICE'],
    ['file', undefined, 'fail2ban.actions: NOTICE x', 'x', '"["'],
    ['file', undefined, 'fail2ban.actions: NOTICE [x', 'END', ']'],
    ['file', undefined, 'fail2ban.actions: NOTICE [x] Restore Ban 1', 'Restore', '"] Ban "'],
    ['file', undefined, 'fail2ban.actions: NOTICE [x] Ban host', 'host', 'an address'],
    ['file', undefined, 'fail2ban.actions: NOTICE [recidive] Ban ::1', 'recidive', 'except'],
    ['syslog', 'fail2ban.actions', 'NOTICE [recidive] Ban ::1', 'recidive', 'except'],
    ['journal', 'fail2ban', '[recidive] Ban ::1', 'recidive', 'except'],
    ['syslog', undefined, 'NOTICE [x] Ban ::1', 'NOTICE', '"fail2ban.actions"'],
    ['file', 'sshd', 'x', 'x', 'no program or "fail2ban-server"'],
  ])('says where %s of %s stopped in %j', (pattern, program, message, at, wanted) => {
    const trial = explain(message, program).find((one) => one.pattern === pattern);

    const place = at === 'END' ? message.length : message.indexOf(at);
    expect(trial).toMatchObject({ matched: false, wanted: expect.stringContaining(wanted) });
    expect(message.slice(trial?.reached)).toBe(message.slice(place));
  });
});

function explain(message: string, program: string | undefined): readonly PatternTrial[] {
  return filter.explain?.(message, { program, pid: 1 }) ?? [];
}
