import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderInit } from '../render/init.ts';
import type { CommonOptions, Verb } from './verb.ts';

export interface InitOptions extends CommonOptions {
  readonly observe?: boolean;
  readonly print?: boolean;
}

/** `remand init`: an rc file with the jails that fit this machine. */
export const init: Verb<[options: InitOptions]> = async ({ terminal, paint }, options) => {
  const { initRc } = await import('@remand/daemon');
  const report = await initRc({
    ...(options.config !== undefined && { rc: options.config }),
    observe: options.observe === true,
    dryRun: options.print === true,
  });
  if (options.json) terminal.out(jsonDocument(report));
  else if (options.print) terminal.out(report.text);
  else terminal.out(renderInit(report, paint));
  return exitCodes.ok;
};
