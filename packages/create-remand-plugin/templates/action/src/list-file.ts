import { access, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type Change,
  CommandError,
  type Listing,
  reasonOf,
  whyNotEnterable,
} from '@remand/api';

const hint = 'the folder must be there, and writable for remand';

/** A list that is a file with one address a line: replace it by the firewall of your choice. */
export class ListFile implements Action {
  // A file counts no time down: the daemon takes an address out when its ban ends.
  readonly limits: ActionLimits = { families: [4, 6], ranges: true, maxTimeoutMs: 0 };
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Makes the list where there is none and leaves what is in it. */
  async start(): Promise<void> {
    await this.#write(await this.#read());
  }

  async apply(changes: readonly Change[]): Promise<ApplyResult> {
    const targets = await this.#read();
    const refused: { index: number; reason: string }[] = [];
    for (const [index, { op, target }] of changes.entries()) {
      const reason = op === 'remove' ? undefined : whyNotEnterable(target);
      if (reason !== undefined) refused.push({ index, reason });
      else if (op === 'remove') targets.delete(target);
      else targets.add(target);
    }
    await this.#write(targets);
    return { refused };
  }

  /** What is in now. A list that cannot be read is unavailable, which is not empty. */
  async list(): Promise<Listing> {
    try {
      const targets = await this.#read();
      const entries = [...targets].map((target) => ({ target, remainingMs: null }));
      return { state: 'known', entries };
    } catch (error) {
      return { state: 'unavailable', reason: reasonOf(error), hint };
    }
  }

  /** Leaves no trace. */
  async flush(): Promise<void> {
    await this.#try(() => rm(this.#path, { force: true }));
  }

  async #read(): Promise<Set<string>> {
    const text = await this.#try(async () => {
      try {
        return await readFile(this.#path, 'utf8');
      } catch (error) {
        if (!isMissing(error)) throw error;
        // No file is an empty list; without its folder nobody can tell.
        await access(dirname(this.#path));
        return '';
      }
    });
    return new Set(text.split('\n').filter((line) => line !== ''));
  }

  /** At once or not at all: whoever reads the file never sees half of it. */
  async #write(targets: ReadonlySet<string>): Promise<void> {
    const draft = `${this.#path}.draft`;
    await this.#try(async () => {
      await writeFile(draft, [...targets, ''].join('\n'));
      await rename(draft, this.#path);
    });
  }

  /** That the machine does not do what was asked is told by a CommandError, and tried again. */
  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new CommandError('FILE_UNUSABLE', `${this.#path}: ${reasonOf(error)}`, {
        hint,
        cause: error,
      });
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
