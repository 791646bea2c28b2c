import { printable, type UnbanOutcome } from '@remand/api';
import type { ControlClient } from '../client/control-client.ts';
import { withDaemon } from '../client/with-daemon.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { untilWhen } from '../output/when.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions, Verb } from './verb.ts';

export interface UnbanOptions extends CommonOptions {
  readonly jail?: string;
  readonly all?: boolean;
  readonly mistake?: boolean;
  readonly reason?: string;
}

/** `remand unban ADDRESS|RANGE (--jail HOLDER | --all) [--mistake] [--reason TEXT]`. */
export const unban: Verb<[address: string, options: UnbanOptions]> = async (
  { terminal },
  address,
  options,
) => {
  const outcome = await withDaemon(options, (daemon) => decide(daemon, terminal, address, options));
  if (options.json) terminal.out(jsonDocument(outcome));
  else report(outcome, terminal);
  if (outcome.choose !== undefined) return exitCodes.usage;
  return outcome.lifted.length > 0 ? exitCodes.ok : exitCodes.failed;
};

async function decide(
  daemon: ControlClient,
  terminal: Terminal,
  address: string,
  options: UnbanOptions,
): Promise<UnbanOutcome> {
  const { jail, mistake, reason } = options;
  const args = {
    address,
    ...(mistake ? { mistake } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
  const chosen = options.all ? { all: true } : jail === undefined ? {} : { holder: jail };
  const outcome = await daemon.call('unban', { ...args, ...chosen });
  if (outcome.choose === undefined || !terminal.interactive || options.json) return outcome;

  terminal.err(`${printable(outcome.address)} is held by:\n${choices(outcome, terminal)}`);
  const answer = await terminal.ask('Which one is lifted? (a name, or "all"; nothing for none) ');
  if (answer === '') return outcome;
  return daemon.call('unban', {
    ...args,
    ...(answer === 'all' ? { all: true } : { holder: answer }),
  });
}

function report(outcome: UnbanOutcome, terminal: Terminal): void {
  const address = printable(outcome.address);
  if (outcome.insideRange !== undefined && outcome.lifted.length === 0) {
    const range = printable(outcome.insideRange);
    terminal.err(
      `remand: ${address} is inside the banned range ${range}; nothing was changed\n` +
        `  lift the range with 'remand unban ${range}', or protect the address with 'remand allow ${address}'\n`,
    );
  } else if (outcome.choose !== undefined) {
    if (!terminal.interactive) {
      terminal.err(
        `remand: ${address} is held by several, and nothing was lifted\n` +
          `${choices(outcome, terminal)}  choose one with --jail, or all of them with --all\n`,
      );
    }
  } else if (outcome.lifted.length === 0) {
    terminal.err(`remand: nobody holds ${address}\n`);
  }
  for (const { holder } of outcome.lifted) {
    terminal.out(`${address} is no longer held by ${printable(holder)}\n`);
  }
  if (outcome.insideRange !== undefined && outcome.lifted.length > 0) {
    const range = printable(outcome.insideRange);
    terminal.err(`remand: ${address} is still inside the banned range ${range}\n`);
  }
}

function choices(outcome: UnbanOutcome, terminal: Terminal): string {
  const lines = outcome.choose?.map(
    ({ holder, until }) =>
      `  ${printable(holder).padEnd(20)}  ${untilWhen(until, terminal.now())}\n`,
  );
  return lines?.join('') ?? '';
}
