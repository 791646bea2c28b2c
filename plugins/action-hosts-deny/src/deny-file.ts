import { closeSync, readFileSync, renameSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '@remand/api';
import { type LateWrite, withLateWrite } from './late-write.ts';
import { type Look, look, openIfThere, printAt } from './look.ts';
import { unusable } from './unusable.ts';

const mostTries = 20;

/** A text file that others edit too. Its bytes are handed out as Latin-1. */
export class DenyFile {
  readonly #path: string;
  #left: string | undefined;
  /** Not yet taken over. */
  #late: LateWrite | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether somebody changed, made or removed it since it was last read or written here. */
  get isChanged(): boolean {
    return this.#left !== undefined && printAt(this.#path) !== this.#left;
  }

  /** @returns nothing when there is no file in a folder that exists */
  read(): string {
    const { text, print } = this.#look();
    this.#left = print;
    return text;
  }

  /**
   * Replaces the text by what `change` makes of it, as a whole or not at all. `change` is called
   * again when somebody else wrote meanwhile.
   * @returns whether somebody else had changed it since it was last read or written here
   * @throws CommandError when it cannot be done, and what `change` throws
   */
  async edit(change: (text: string) => string, signal: AbortSignal): Promise<boolean> {
    let wasChanged = false;
    for (let tries = 0; tries < mostTries; tries++) {
      const found = this.#look();
      wasChanged ||= this.#left !== undefined && this.#left !== found.print;
      const late = this.#late;
      const wanted = change(late ? withLateWrite(found.text, late) : found.text);
      if (wanted === found.text) {
        this.#late = undefined;
        this.#left = found.print;
        return wasChanged;
      }
      if (!(await this.#replace(found, wanted, signal))) continue;
      if (this.#late === undefined) return wasChanged;
      wasChanged = true;
    }
    throw new CommandError('FILE_UNUSABLE', `${this.#path} is changed by others all the time`, {
      hint: 'see which other program keeps writing it',
    });
  }

  /** @returns false when somebody else wrote before the rename */
  async #replace(found: Look, wanted: string, signal: AbortSignal): Promise<boolean> {
    const { place } = found;
    // One name, so that what a crash leaves behind is replaced and not added to.
    const temporary = join(dirname(place), `.${basename(place)}.remand`);
    let old: number | undefined;
    try {
      await rm(temporary, { force: true });
      await writeLike(temporary, wanted, found);
      signal.throwIfAborted();
      // Nothing of ours may come between: what others write there would be lost.
      old = openIfThere(place);
      if (!isSame(look(this.#path), found)) return false;
      renameSync(temporary, place);
      this.#left = printAt(this.#path);
      this.#late = undefined;
      await syncFolder(dirname(place));
      const text = old === undefined ? '' : readFileSync(old, 'latin1');
      if (text !== found.text) this.#late = { text, before: found.text, ours: wanted };
      return true;
    } catch (error) {
      throw unusable(error, this.#path, 'written');
    } finally {
      if (old !== undefined) closeSync(old);
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  #look(): Look {
    try {
      return look(this.#path);
    } catch (error) {
      throw unusable(error, this.#path, 'read');
    }
  }
}

/** A file can be written twice within what a time of change tells apart: the text is compared. */
function isSame(now: Look, before: Look): boolean {
  return now.place === before.place && now.print === before.print && now.text === before.text;
}

async function writeLike(path: string, text: string, { like }: Look): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text, 'latin1');
    const made = await handle.stat();
    if (like && (made.uid !== like.uid || made.gid !== like.gid)) {
      await handle.chown(like.uid, like.gid);
    }
    await handle.chmod(like?.mode ?? 0o644);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** So that the rename, too, outlives a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
