export interface RunOptions {
  /** Written to the program's stdin, which is then closed. Without it stdin is empty. */
  readonly input?: string;
  /** After this the program is killed and the call rejects. Default 10 000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that goes on running. */
export interface CommandStream {
  /** Lines of stdout without their end. Ends when the program ends. Lines over 1 MiB are cut. */
  readonly lines: AsyncIterable<string>;
  /** Writes to stdin; rejects with a `CommandError` when the program is gone. */
  write(text: string): Promise<void>;
  /** Resolves when the program has ended, never rejects. `stderr` holds its last 4 KiB. */
  readonly exited: Promise<{ readonly exitCode: number | null; readonly stderr: string }>;
  /** SIGTERM, after one second SIGKILL; resolves when it has ended. Safe to call twice. */
  stop(): Promise<void>;
}

export interface StreamOptions {
  /** Whether `lines` has those of stderr as well; each is whole. Default false. */
  readonly withStderr?: boolean;
}

/**
 * Starts programs from argv arrays. There is no shell: an argument is passed as it is, whatever
 * it contains. Put `--` before data where the program allows it.
 */
export interface CommandRunner {
  /**
   * Runs a program to its end.
   * @throws CommandError when it is missing, exits with another code than 0, or is timed out.
   */
  run(argv: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /**
   * Starts a program and leaves it running. It is killed together with the daemon, however the
   * daemon ends. A missing program is an early `exited`.
   */
  stream(argv: readonly string[], options?: StreamOptions): CommandStream;
}
