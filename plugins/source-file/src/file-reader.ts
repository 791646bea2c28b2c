import type { SourceBatch, SourceFeed } from '@remand/api';
import type { BufferPool } from './buffer-pool.ts';
import { FileChain, type FileChainGiven } from './file-chain.ts';
import type { Block, OpenFile } from './open-file.ts';
import { refusedTrouble, type Trouble, troubleOf } from './trouble.ts';

/** A line is live if the end of its stream had been seen so recently. */
const liveMs = 2_000;
/** Between a rename and the new file no path leads anywhere; that is no trouble yet. */
const missingGraceMs = 5_000;
const retryPushMs = 5_000;

export interface FileReaderGiven extends FileChainGiven {
  readonly stream: string;
  readonly uses: readonly string[];
  readonly timeZone: string | undefined;
  readonly header: 'auto' | 'none';
  readonly feed: SourceFeed;
  readonly buffers: BufferPool;
  /** Called after each look. */
  readonly looked: () => void;
}

/** Thrown through a look that must not go on; what was not pushed is read again. */
class LookEnded extends Error {}

/** Reads one stream: looks when it is woken, one block and one push at a time. */
export class FileReader {
  readonly #given: FileReaderGiven;
  readonly #chain: FileChain;
  #work: Promise<void> | undefined;
  #woken = false;
  #stopped = false;
  #endSeenAt = Number.NEGATIVE_INFINITY;
  #big = false;
  #refused: Trouble | undefined;
  #retryAt = Number.NEGATIVE_INFINITY;

  constructor(given: FileReaderGiven) {
    this.#given = given;
    this.#chain = new FileChain(given);
  }

  get path(): string {
    return this.#given.path;
  }

  get trouble(): Trouble | undefined {
    const { trouble, missingSince, files } = this.#chain;
    const missingMs = this.#now - (missingSince ?? this.#now);
    const rotating = trouble?.missing && files.length > 0 && missingMs < missingGraceMs;
    return this.#refused ?? (rotating ? undefined : trouble);
  }

  /** Whether it holds no file and its path leads nowhere. */
  get isGone(): boolean {
    const { trouble, files } = this.#chain;
    return trouble?.missing === true && files.length === 0 && !this.#work;
  }

  /** Something happened to the file: looks at once, or once more after the look under way. */
  wake(): void {
    this.#woken = true;
    this.#run(() => this.#look());
  }

  /** A second went by: looks, unless one call to the system shows that nothing happened. */
  poll(): void {
    // The look under way may be past what happened meanwhile.
    if (this.#work) this.#woken = true;
    this.#run(async () => {
      if (await this.#chain.isQuiet()) this.#endSeenAt = this.#now;
      else await this.#look();
    });
  }

  /** Begins no push any more; resolves when none is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#work;
  }

  async dispose(): Promise<void> {
    this.#stopped = true;
    await this.#chain.close();
  }

  get #now(): number {
    return this.#given.clock.monotonic();
  }

  #run(first: () => Promise<void>): void {
    if (this.#work || this.#stopped || this.#now < this.#retryAt) return;
    this.#work = this.#guard(first).finally(() => {
      this.#work = undefined;
      if (!this.#stopped) this.#given.looked();
      if (this.#woken) this.wake();
    });
  }

  async #guard(look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      if (this.#stopped || error instanceof LookEnded) return;
      this.#chain.trouble = troubleOf(this.#given.path, error);
    }
  }

  async #look(): Promise<void> {
    this.#woken = false;
    let step: 'same' | 'fresh' | 'old';
    do {
      await this.#readAll();
      if (this.#stopped) return;
      await this.#chain.retire();
      step = await this.#chain.advance();
      if (step === 'old') this.#endSeenAt = Number.NEGATIVE_INFINITY;
    } while (step !== 'same');
    const { trouble, files } = this.#chain;
    if (trouble ? trouble.missing : files.length > 0) this.#endSeenAt = this.#now;
    if (this.#chain.moved && files.length > 0) await this.#push();
  }

  async #readAll(): Promise<void> {
    for (let index = 0; ; index++) {
      const file = this.#chain.files[index];
      if (!file || this.#stopped) return;
      const before = this.#chain.files[index - 1];
      if (before) file.follows(before);
      if ((await this.#readToEnd(file)) === 'truncated') {
        await this.#chain.truncated(file);
        index = -1;
      }
    }
  }

  async #readToEnd(file: OpenFile): Promise<'truncated' | 'end'> {
    // Each block is read outside of the event loop, so that the other files get their turn.
    for (;;) {
      const outcome = await this.#readBlock(file);
      if (outcome !== 'more') return outcome;
    }
  }

  async #readBlock(file: OpenFile): Promise<'truncated' | 'end' | 'more'> {
    const { buffers, feed } = this.#given;
    const buffer = buffers.lend(this.#big);
    try {
      const block = await file.read(buffer, feed.maxLineBytes);
      if (block === 'truncated') return block;
      this.#big = !block.atEnd;
      if (block.moved) {
        await this.#push(file, block);
        file.accept(block);
        file.quietSince = this.#now;
      }
      if (!block.atEnd) return 'more';
      if (file === this.#chain.files.at(-1)) this.#endSeenAt = this.#now;
      return 'end';
    } finally {
      buffers.giveBack(buffer);
    }
  }

  /** Without a file: only the bookmark. */
  async #push(file?: OpenFile, block?: Block): Promise<void> {
    const { stream, uses, feed, timeZone, header } = this.#given;
    const behind = file && block && !block.atEnd ? await this.#bytesBehind(file, block) : 0;
    if (this.#stopped) throw new LookEnded();
    const batch: SourceBatch = {
      stream,
      uses,
      bytes: block?.lines ?? new Uint8Array(0),
      bookmark: this.#chain.bookmark(file, block),
      live: this.#now - this.#endSeenAt <= liveMs,
      behind,
      header,
      ...(block && block.oversized > 0 && { oversized: block.oversized }),
      ...(timeZone !== undefined && { timeZone }),
    };
    try {
      await feed.push(batch);
      this.#chain.moved = false;
      this.#refused = undefined;
    } catch (error) {
      this.#refuse(error);
      throw new LookEnded();
    }
  }

  /** The kernel stops; or else it could not take the batch, which is read again later. */
  #refuse(error: unknown): void {
    if (this.#stopped) return;
    this.#retryAt = this.#now + retryPushMs;
    this.#refused = refusedTrouble(this.#given.path, error);
  }

  async #bytesBehind(file: OpenFile, block: Block): Promise<number> {
    const { files } = this.#chain;
    let bytes = await file.bytesBehind(block.next);
    for (const later of files.slice(files.indexOf(file) + 1)) bytes += await later.bytesBehind();
    return bytes;
  }
}
