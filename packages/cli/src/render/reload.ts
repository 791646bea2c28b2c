import { printable } from '@remand/api';
import type { ReloadOutcome } from '@remand/daemon';
import type { Paint } from '../output/paint.ts';
import { renderProblems } from './problems.ts';

/** `remand reload`: what has changed, or what is wrong. */
export function renderReload(outcome: ReloadOutcome, paint: Paint): string {
  if (!outcome.reloaded) {
    const { problems } = outcome;
    const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`;
    const verdict = `${paint('red', `not reloaded: ${count}`)}; nothing has changed\n`;
    return renderProblems(problems, paint) + verdict;
  }
  const { jails, rungs, sources, lists, notifiers } = outcome;
  const changes = Object.entries({ jails, rungs, sources, lists, notifiers }).flatMap(
    ([what, change]) =>
      hows
        .filter((how) => change[how].length > 0)
        .map(
          (how) => `  ${what} ${how}: ${change[how].map((name) => printable(name)).join(', ')}\n`,
        ),
  );
  const left = outcome.emptied
    .filter(({ removed }) => !removed)
    .map(({ list, reason }) => warning(`list ${list} is not empty yet: ${reason ?? ''}`, paint));
  const stranded = outcome.stranded.map(({ holder, bans }) =>
    warning(`bans of ${holder} that are on no list any more: ${bans}`, paint),
  );
  return [
    `${paint('green', 'reloaded')} ${printable(outcome.files.join(', '), 1_000)}\n`,
    ...(changes.length > 0
      ? changes
      : ['  jails, rungs, sources, lists and notifiers are the same\n']),
    ...outcome.warnings.map((text) => warning(text, paint)),
    ...left,
    ...stranded,
  ].join('');
}

const hows = ['added', 'changed', 'removed'] as const;

function warning(text: string, paint: Paint): string {
  return `${paint('yellow', '!')} ${printable(text, 500)}\n`;
}
