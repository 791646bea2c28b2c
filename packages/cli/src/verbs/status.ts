import { CommandError, nearestName, printable } from '@remand/api';
import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderJail } from '../render/jail.ts';
import { renderStatus } from '../render/status.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand status [JAIL]`. */
export const status: Verb<[jail: string | undefined, options: CommonOptions]> = async (
  { terminal, paint },
  name,
  options,
) => {
  const report = await withDaemon(options, (daemon) => daemon.call('status', {}));
  if (name === undefined) {
    terminal.out(options.json ? jsonDocument(report) : renderStatus(report, paint));
    return exitCodes.ok;
  }
  const jail = report.jails.find((one) => one.name === name);
  if (jail === undefined) {
    const names = report.jails.map((one) => one.name);
    const nearest = nearestName(name, names);
    throw new CommandError('NOT_FOUND', `there is no jail '${printable(name)}'`, {
      hint: nearest === undefined ? `jails: ${names.join(', ')}` : `did you mean '${nearest}'?`,
    });
  }
  terminal.out(options.json ? jsonDocument(jail) : renderJail(jail, report, paint));
  return exitCodes.ok;
};
