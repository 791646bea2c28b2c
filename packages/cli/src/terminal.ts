import { createInterface } from 'node:readline/promises';
import type { Writable } from 'node:stream';

/** Where a command writes to, and whom it may ask. Tests bring their own. */
export interface Terminal {
  /** To stdout: what was asked for. */
  out(text: string): void;
  /** Waits until stdout takes more. @returns false when nobody reads it any longer */
  drained(): Promise<boolean>;
  /** What is given on stdin, byte for byte. */
  input(): AsyncIterable<Uint8Array>;
  /** To stderr: what went wrong. */
  err(text: string): void;
  /**
   * Shows one line in the place of the one before; an empty one clears it. Only where stderr is a
   * terminal.
   */
  readonly progress?: ((line: string) => void) | undefined;
  /** Whether stdout shows colours. */
  readonly colour: boolean;
  /** Whether somebody is there to answer a question. */
  readonly interactive: boolean;
  /** The answer to a question, without its line end; empty when there is none. */
  ask(question: string): Promise<string>;
  /** ms since the epoch. */
  now(): number;
  /** Ends the process soon, even if a plugin's call that never ends would keep it. */
  leaveSoon?(): void;
}

/** The terminal, pipe or file that this process was given. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  // `remand bans | head` is no failure: what nobody reads any more is not written.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  return {
    out: (text) => void stdout.write(text),
    drained: drainage(stdout),
    input: () => stdin,
    err: (text) => void stderr.write(text),
    ...(stderr.isTTY === true && { progress: (line) => void stderr.write(`\r\u001b[K${line}`) }),
    // https://no-color.org
    colour: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    ask: async (question) => {
      const lines = createInterface({ input: stdin, output: stderr });
      const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
      const answer = await Promise.race([lines.question(question), closed]);
      lines.close();
      return answer.trim();
    },
    now: () => Date.now(),
    // Unreferenced: it comes to it only where something else keeps the process.
    leaveSoon: () => void setTimeout(() => process.exit(), 1_000).unref(),
  };
}

/** Whether a stream can take more, once it can; false when nobody reads it any more. */
function drainage(stream: Writable): () => Promise<boolean> {
  let isOpen = true;
  let wake: () => void = () => undefined;
  for (const event of ['drain', 'close', 'error']) stream.on(event, () => wake());
  for (const event of ['close', 'error']) {
    stream.on(event, () => {
      isOpen = false;
    });
  }
  return async () => {
    if (isOpen && stream.writableNeedDrain) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return isOpen;
  };
}
