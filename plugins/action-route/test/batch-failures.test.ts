import { describe, expect, it } from 'vitest';
import { batchFailures } from '../src/batch-failures.ts';

describe(batchFailures, () => {
  const said = `RTNETLINK answers: File exists
Command failed -:2
Error: Invalid prefix for given prefix length.
Command failed -:14
`;

  it.each([
    ['as ip says it', said],
    ['with escaped line ends', said.trim().replaceAll('\n', '\\n')],
  ])('gives the reason of each line, %s', (_how, stderr) => {
    expect([...batchFailures(stderr)]).toEqual([
      [2, 'File exists'],
      [14, 'Error: Invalid prefix for given prefix length.'],
    ]);
  });

  it('gives what is whole of a text that was cut', () => {
    expect([...batchFailures(`${said}RTNETLINK answers: No such pro…`).keys()]).toEqual([2, 14]);
    // Of line 1002.
    expect(batchFailures('Error: x\nCommand failed -:10…').size).toBe(0);
    expect(batchFailures('Error: any valid prefix is expected rather than "x".').size).toBe(0);
  });

  it('escapes what could reach a terminal', () => {
    expect(batchFailures('Error: \x1b[2J\nCommand failed -:1').get(1)).toBe('Error: \\x1b[2J');
  });
});
