import { describe, expect, it } from 'vitest';
import { withLateWrite } from '../src/late-write.ts';

describe(withLateWrite, () => {
  const before = 'a\n';
  const ours = 'BLOCK\na\n';

  it.each([
    ['appends what was appended', ours, 'a\nb\n', 'BLOCK\na\nb\n'],
    ['appends it also to what others wrote since', 'other\n', 'a\nb\n', 'other\nb\n'],
    ['appends it to what it was appended to before', 'BLOCK\na\nb\n', 'a\nc\n', 'BLOCK\na\nb\nc\n'],
    ['takes what was written anew', ours, 'new\n', 'new\n'],
    ['takes an emptied file', ours, '', ''],
    ['leaves what was written anew later', 'later\n', 'new\n', 'later\n'],
  ])('%s', (_what, now, text, wanted) => {
    expect(withLateWrite(now, { before, text, ours })).toBe(wanted);
  });
});
