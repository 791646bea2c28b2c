import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderCheck } from '../render/check.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand check`: loads everything, starts nothing. */
export const check: Verb<[options: CommonOptions]> = async ({ terminal, paint }, options) => {
  const { checkRc } = await import('@remand/daemon');
  const report = await checkRc(options.config === undefined ? {} : { rc: options.config });
  terminal.out(options.json ? jsonDocument(report) : renderCheck(report, paint));
  return report.problems.length === 0 ? exitCodes.ok : exitCodes.usage;
};
