import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Notice } from '@remand/api';
import type { MailboxMessage, MailboxMood } from '../../fixtures/mailbox.ts';

const plugin = join(import.meta.dirname, '../../fixtures/mailbox.ts');

/** Where the notifier of a daemon puts its messages; it outlives daemons that are killed. */
export class Mailbox {
  readonly #file: string;
  readonly #moodFile: string;

  constructor(folder: string) {
    this.#file = join(folder, 'mailbox.jsonl');
    this.#moodFile = join(folder, 'mailbox.mood');
    this.mood('works');
  }

  /** The keys of an rc file that make a daemon use it. */
  get rc(): string {
    const options = `{ file: ${this.#file}, moodFile: ${this.#moodFile} }`;
    return `plugins: [${plugin}]\nnotifiers: [{ mailbox: ${options} }]`;
  }

  /** What becomes of the messages from now on. */
  mood(mood: MailboxMood): void {
    writeFileSync(this.#moodFile, mood);
  }

  /** Each message that arrived, in order. */
  get messages(): readonly MailboxMessage[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  get notices(): readonly Notice[] {
    return this.messages.flatMap(({ notices }) => notices);
  }
}

/** The entry of an rc file's `notifiers` for a mailbox with a fixed mood. */
export function mailboxUse(file: string, mood: MailboxMood): string {
  return `{ mailbox: { file: ${file}, mood: ${mood} } }`;
}

/** The path of the plugin, for `plugins:`. */
export const mailboxPlugin: string = plugin;
