import { CommandError, type CommandStream, type StreamOptions } from '@remand/api';

interface Exit {
  readonly exitCode: number | null;
  readonly stderr: string;
}

/** A program that a test plays: it feeds stdout and ends it. */
export class FakeCommandStream implements CommandStream {
  readonly argv: readonly string[];
  readonly options: StreamOptions;
  readonly written: string[] = [];
  readonly lines: AsyncIterable<string>;
  readonly exited: Promise<Exit>;
  stopped = false;
  readonly #queue: string[] = [];
  readonly #exit = Promise.withResolvers<Exit>();
  #ended = false;
  #wake = Promise.withResolvers<void>();

  constructor(argv: readonly string[], options: StreamOptions = {}) {
    this.argv = argv;
    this.options = options;
    this.exited = this.#exit.promise;
    this.lines = { [Symbol.asyncIterator]: () => this.#read() };
  }

  /** Prints lines on stdout. */
  feed(...lines: string[]): void {
    this.#queue.push(...lines);
    this.#wakeReader();
  }

  /** Ends the program. */
  end(exitCode: number | null = 0, stderr = ''): void {
    this.#ended = true;
    this.#exit.resolve({ exitCode, stderr });
    this.#wakeReader();
  }

  async write(text: string): Promise<void> {
    if (this.#ended) throw new CommandError('COMMAND_FAILED', 'the program has ended');
    this.written.push(text);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.end(null);
  }

  async *#read(): AsyncGenerator<string, undefined> {
    for (;;) {
      const line = this.#queue.shift();
      if (line !== undefined) yield line;
      else if (this.#ended) return;
      else await this.#wake.promise;
    }
  }

  #wakeReader(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}
