import { type Change, targetParts } from '@remand/api';
import { secondsOf } from './template.ts';

export type BatchFormat = 'json' | 'plain';

/** A batch as a program reads it from stdin: a line for each change. */
export function batchLines(changes: readonly Change[], format: BatchFormat): string {
  return changes.map((change) => `${writers[format](change)}\n`).join('');
}

const writers: Readonly<Record<BatchFormat, (change: Change) => string>> = {
  json: (change) => {
    const { family, base, prefix } = targetParts(change.target);
    const op = opOf(change);
    const parts = { op, address: change.target, family, base, prefix };
    return JSON.stringify(op === 'add' ? { ...parts, seconds: secondsOf(change) } : parts);
  },
  plain: (change) => {
    const op = opOf(change);
    return `${op} ${change.target}${op === 'add' ? ` ${secondsOf(change)}` : ''}`;
  },
};

/** An address that is in gets its time anew by an `add`. */
function opOf({ op }: Change): 'add' | 'remove' {
  return op === 'remove' ? 'remove' : 'add';
}
