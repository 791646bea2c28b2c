import {
  type ListedEntry,
  printable,
  printedTarget,
  type Target,
  whyNotEnterable,
} from '@remand/api';

/**
 * Reads what `list` printed: a target a line, after it the seconds that are left, if the program
 * counts them. Empty lines and lines with `#` in front are not read.
 * @returns why it cannot be read: a listing that is half understood would undo bans
 */
export function parseListing(printed: string): readonly ListedEntry[] | string {
  const entries = new Map<Target, ListedEntry>();
  for (const [n, line] of printed.split('\n').entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const found = /^(\S+)(?:\s+([0-9]{1,10}))?$/.exec(text);
    if (!found)
      return `line ${n + 1} is "${printable(text, 80)}", wanted ADDRESS or ADDRESS SECONDS`;
    const target = printedTarget(withoutWholeWidth(found[1] ?? ''));
    const fault = whyNotEnterable(target);
    if (fault !== undefined) return `line ${n + 1}: ${fault}`;
    const seconds = Number(found[2] ?? 0);
    entries.set(target, { target, remainingMs: seconds === 0 ? null : seconds * 1000 });
  }
  return [...entries.values()];
}

function withoutWholeWidth(target: Target): Target {
  return target.replace(target.includes(':') ? /\/128$/ : /\/32$/, '');
}
