import type { AnyPlugin, Clock, CommandRunner } from '@remand/api';

/** A log of the test's own for one case of the source contract. */
export interface SourceRig {
  readonly clock: Clock;
  /** Runs the programs that the source reads from. One that runs none needs none. */
  readonly commands?: CommandRunner;
  /** The options by which the source reads this log, as an rc file has them. */
  readonly options: unknown;
  /** Writes messages, as the program that is watched does; resolves when they are written. */
  write(messages: readonly string[]): Promise<void>;
  /** Lets time pass for the source: an `advance` of a fake clock and what follows, or a sleep. */
  passTime(ms: number): Promise<void>;
  /** Takes the log away (a folder without permission, a dead socket), or brings it back. */
  cutOff?(isCut: boolean): Promise<void>;
  /** Removes the log after the case, whatever became of it. */
  tearDown(): Promise<void>;
}

export interface SourceContractGiven {
  readonly plugin: AnyPlugin<'source'>;
  /** Called before each case. */
  setUp(): Promise<SourceRig>;
  /** False when what is written while no source runs is lost, as with a socket. Default true. */
  readonly keepsBacklog?: boolean;
  /**
   * `newline` when a line feed ends a message by the nature of the log (a file), `message` when a
   * message can hold one (a datagram, a journal entry). Default `newline`.
   */
  readonly endedBy?: 'newline' | 'message';
  /** False when the log itself cuts long messages before the source sees them. Default true. */
  readonly hasLongLines?: boolean;
}
