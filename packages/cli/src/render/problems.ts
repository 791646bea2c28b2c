import { printable } from '@remand/api';
import type { CheckProblem } from '@remand/daemon';
import type { Paint } from '../output/paint.ts';

/** Mistakes of an rc file, each with its place and what to do. */
export function renderProblems(problems: readonly CheckProblem[], paint: Paint): string {
  return problems
    .map(({ place, path, message, hint, code }) => {
      const where = place === undefined ? '' : `${paint('bold', printable(place, 500))}  `;
      const what = path === '' ? '' : `${printable(path, 300)}: `;
      const kind = code === undefined ? '' : ` ${paint('dim', `[${code}]`)}`;
      const line = `${paint('red', '✗')} ${where}${what}${printable(message, 500)}${kind}\n`;
      return hint === undefined ? line : `${line}  ${paint('dim', `→ ${printable(hint, 500)}`)}\n`;
    })
    .join('');
}
