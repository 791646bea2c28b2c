import { checkPatterns } from './check-patterns.ts';
import type { PatternTable } from './pattern-entry.ts';
import { TemplateError } from './template-error.ts';

/** @throws TemplateError that says what is wrong with the first entry that is not proven */
export function prove(table: PatternTable): void {
  const [problem] = checkPatterns(table);
  if (problem === undefined) return;
  const { index, offset = -1, message } = problem;
  throw new TemplateError(offset, `the pattern "${table.patterns[index]?.id}": ${message}`);
}
