import { readFileSync } from 'node:fs';
import { printable } from '@remand/api';
import { CommanderError } from 'commander';
import { exitCodeOf, exitCodes, failureText } from './output/failure.ts';
import { createProgram } from './program.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** Runs the `remand` command with the arguments that follow its name. @returns the exit code */
export async function main(argv: readonly string[], terminal?: Terminal): Promise<number> {
  const there = terminal ?? processTerminal();
  let code: number = exitCodes.ok;
  const program = createProgram(there, ownVersion(), (given) => {
    code = given;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return usageError(error, there);
    there.err(failureText(error));
    return exitCodeOf(error);
  }
}

function usageError(error: CommanderError, terminal: Terminal): number {
  if (error.exitCode === 0) return exitCodes.ok;
  // Help that was not asked for has been written already.
  if (error.code !== 'commander.help') {
    const sentence = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    terminal.err(`remand: ${printable(sentence, 500)}\n  'remand --help' lists what there is\n`);
  }
  return exitCodes.usage;
}

function ownVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
