import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

/** Feeds the bundled attack to a log file, a line at a time, as sshd would at this moment. */
export class AttackLog {
  readonly #file: string;
  readonly #messages: readonly string[];
  #written = 0;

  /** `messages` is a file of lines without their header. */
  constructor(file: string, messages: string | URL) {
    this.#file = file;
    this.#messages = readFileSync(messages, 'utf8').split('\n').filter(Boolean);
    writeFileSync(file, '');
  }

  get written(): number {
    return this.#written;
  }

  /** How many lines one attack has. */
  get length(): number {
    return this.#messages.length;
  }

  /** Writes the next line, from the first again after the last. @returns it without its header */
  next(now: Date): string {
    const message = this.#messages[this.#written % this.#messages.length] ?? '';
    appendFileSync(this.#file, `${now.toISOString()} demo ${message}\n`);
    this.#written += 1;
    return message;
  }
}
