import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderCheck } from '../render/check.ts';
import { renderNotify } from '../render/notify.ts';
import type { CommonOptions, Verb } from './verb.ts';

export interface CheckOptions extends CommonOptions {
  readonly notify?: boolean;
}

/** `remand check`: loads everything, starts nothing. With `--notify` it only tries the notifiers. */
export const check: Verb<[options: CheckOptions]> = async ({ terminal, paint }, options) => {
  const { checkRc, notifyRc } = await import('@remand/daemon');
  const choice = options.config === undefined ? {} : { rc: options.config };
  if (options.notify) {
    const report = await notifyRc(choice);
    terminal.out(options.json ? jsonDocument(report) : renderNotify(report, paint));
    terminal.leaveSoon?.();
    const arrived = report.notifiers.length > 0 && report.notifiers.every((one) => !one.failure);
    return arrived ? exitCodes.ok : exitCodes.failed;
  }
  const report = await checkRc(choice);
  terminal.out(options.json ? jsonDocument(report) : renderCheck(report, paint));
  return report.problems.length === 0 ? exitCodes.ok : exitCodes.usage;
};
