import { describe, expect, it } from 'vitest';
import { jsonLine, textLine } from '../../src/logging/line-formats.ts';

const at = new Date(2026, 10, 24, 21, 20, 5, 7);

describe(textLine.name, () => {
  it('aligns level and event before the fields', () => {
    const line = textLine(
      { at, level: 'info', event: 'started', fields: { pid: 7, rc: 'a b', none: undefined } },
      false,
    );

    expect(line).toBe('2026-11-24 21:20:05.007 info  started                pid=7 rc="a b"');
  });

  it('colours the level alone', () => {
    const line = textLine({ at, level: 'warn', event: 'x', fields: {} }, true);

    expect(line).toBe('2026-11-24 21:20:05.007 \u001b[33mwarn \u001b[0m x');
  });

  it('keeps the text of an attacker on its line and out of the terminal', () => {
    const user = 'x\n2026-11-24 error forged user="\u001b[2J\u202e';
    const line = textLine({ at, level: 'info', event: 'e', fields: { user } }, false);

    expect(line).toContain('user="x\\n2026-11-24 error forged user=\\"\\x1b[2J\\u{202e}"');
  });
});

describe(jsonLine.name, () => {
  it('is one object that a terminal can show', () => {
    const fields = { user: 'é\u009b31m\n', count: 2, level: 'forged' };
    const line = jsonLine({ at, level: 'info', event: 'e', fields: { ...fields } });

    expect(line).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(line)).toMatchObject({ user: 'é\u009b31m\n', count: 2 });
  });

  it('cuts a field that is too long', () => {
    const line = jsonLine({ at, level: 'info', event: 'e', fields: { line: 'x'.repeat(9_999) } });

    expect(line.length).toBeLessThan(2_200);
  });
});
