import { stat } from 'node:fs/promises';
import type { Clock, Logger } from '@remand/api';
import { encodeBookmark, type Position } from './bookmark.ts';
import { type DockerFormat, dockerStreams } from './docker-lines.ts';
import { type FileOwners, ownerKey } from './file-owners.ts';
import { findBetween, findRotated } from './find-rotated.ts';
import { findSaved } from './find-saved.ts';
import { hasContentOf, isCopyOf } from './fingerprint.ts';
import { type Block, inodeId, OpenFile } from './open-file.ts';
import { type OpenLog, openLog } from './open-log.ts';
import { type Point, startingPoint, startOfFile } from './starting-point.ts';
import { type Trouble, troubleOf } from './trouble.ts';

/** Writers may go on with the old file for a while after a rotation. */
const keptForLateWritersMs = 30_000;
/** A file whose name is gone is let go after this; its place is remembered. */
const keptWithoutNameMs = 600_000;
/** A file that appears with a last change before this was moved here: it is no news. */
const freshMs = 60_000;
const mostOld = 5;

export interface FileChainGiven {
  readonly path: string;
  /** Readers of one group never read an inode twice. */
  readonly group: string;
  readonly owners: FileOwners;
  readonly saved: readonly Position[] | undefined;
  readonly lookBackMs: number;
  readonly maxLineBytes: number;
  /** For files of Docker's. */
  readonly docker: DockerFormat | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The files of one stream in the order in which they are to be read: rotated ones that may still
 * grow, and last the one that the path leads to.
 */
export class FileChain {
  /** Why the path cannot be followed now. */
  trouble: Trouble | undefined;
  /** Since when the path leads nowhere, on the monotonic clock. */
  missingSince: number | undefined;
  /** True when the bookmark changed without a line. */
  moved = false;
  readonly #given: FileChainGiven;
  #files: OpenFile[] = [];
  #saved: readonly Position[] | undefined;
  #resumed = false;
  #quietMtime: bigint | undefined;

  constructor(given: FileChainGiven) {
    this.#given = given;
    this.#saved = given.saved;
  }

  get files(): readonly OpenFile[] {
    return this.#files;
  }

  /** The bookmark as it stands, or as it will once `block` of `file` is accepted. */
  bookmark(file?: OpenFile, block?: Block): string {
    return encodeBookmark(
      this.#files.map((one) => one.position(one === file ? block?.next : undefined)),
    );
  }

  /** Whether one look at the path shows that there is nothing to read. */
  async isQuiet(): Promise<boolean> {
    const [only] = this.#files;
    if (!only || this.#files.length > 1 || this.trouble) return false;
    const found = await stat(this.#given.path, { bigint: true }).catch(() => undefined);
    if (!found || inodeId(found) !== only.id) return false;
    return found.mtimeNs === this.#quietMtime && found.size === BigInt(only.offset);
  }

  /**
   * Looks where the path leads now. `fresh` and `old`: there is a new file at the end of the
   * chain, which was changed just now, or long ago.
   */
  async advance(): Promise<'same' | 'fresh' | 'old'> {
    const last = this.#files.at(-1);
    try {
      const found = await stat(this.#given.path, { bigint: true });
      const id = inodeId(found);
      this.missingSince = undefined;
      if (id === last?.id || this.#given.owners.isOthers(this.#key(id), this)) {
        this.trouble = undefined;
        this.#quietMtime = found.mtimeNs;
        return 'same';
      }
    } catch (error) {
      this.trouble = troubleOf(this.#given.path, error);
      if (this.trouble.missing) this.missingSince ??= this.#given.clock.monotonic();
      return 'same';
    }
    const { log, trouble } = await openLog(this.#given.path);
    this.trouble = trouble;
    if (!log) return 'same';
    try {
      if (this.#resumed) await this.#follow(log);
      else await this.#resume(log);
    } catch (error) {
      await log.handle.close();
      throw error;
    }
    const age = this.#given.clock.now() - Number(log.stat.mtimeMs);
    return age > freshMs ? 'old' : 'fresh';
  }

  /** `file` was truncated: what was not read yet may be in a copy. */
  async truncated(file: OpenFile): Promise<void> {
    const { path, logger } = this.#given;
    const index = this.#files.indexOf(file);
    const position = file.position();
    logger.info('file-truncated', { path, offset: position.offset });
    if (file === this.#files.at(-1)) {
      file.restart();
      this.moved = true;
    } else {
      await this.#close(file);
    }
    const copy = await findRotated(path, position);
    if (copy) await this.#add(copy, position, index);
  }

  /** Lets files go that are read to their end and have been quiet. */
  async retire(): Promise<void> {
    const now = this.#given.clock.monotonic();
    for (const file of this.#files.slice(0, -1)) {
      const tooMany = this.#files.length - 1 > mostOld;
      if (tooMany || now - file.quietSince > keptForLateWritersMs) await this.#close(file);
    }
    const last = this.#files.at(-1);
    const nameless = this.missingSince !== undefined && now - this.missingSince > keptWithoutNameMs;
    if (last && nameless && now - last.quietSince > keptWithoutNameMs) {
      this.#saved = this.#files.map((file) => file.position());
      this.#resumed = false;
      await this.close();
    }
  }

  async close(): Promise<void> {
    for (const file of [...this.#files]) await this.#close(file);
  }

  /** Goes on where an earlier run ended, in whatever its files are called now. */
  async #resume(current: OpenLog): Promise<void> {
    const { path, logger, lookBackMs, clock, maxLineBytes, docker } = this.#given;
    const saved = this.#saved ?? [];
    const found = await findSaved(path, { saved, current, logger });
    for (const { log, position } of found) await this.#add(log, position);
    this.#resumed = true;
    if (found.some(({ log }) => log === current)) return;
    if (saved.length > 0) return this.#follow(current);
    const lookBackFrom = clock.now() - lookBackMs;
    const point = await startingPoint(current, { lookBackFrom, maxLineBytes });
    // It can begin in the middle of a container's message, whose rest is no message.
    const inside = docker && point.offset > 0;
    await this.#add(current, inside ? { ...point, skip: dockerStreams } : point);
  }

  async #follow(current: OpenLog): Promise<void> {
    const { path, logger, clock } = this.#given;
    const last = this.#files.at(-1);
    if (last) {
      last.quietSince = clock.monotonic();
      const between = await findBetween(path, { older: last.stat, newer: current });
      for (const log of between) await this.#add(log);
      logger.debug('file-rotated', { path, between: between.length });
    }
    const read = last?.position();
    // What was read of it is no news, and what was not is read in the copy.
    if (last && read && (await isCopyOf(current, read))) {
      const size = Math.min(read.offset + (await last.bytesBehind()), Number(current.stat.size));
      await last.seek({ offset: size, skipping: false });
      return this.#add(current, read);
    }
    await this.#add(current);
  }

  async #add(
    log: OpenLog,
    wanted: Point = startOfFile,
    index: number = this.#files.length,
  ): Promise<void> {
    const { owners, clock, docker } = this.#given;
    const file = new OpenFile(log, docker);
    if (this.#files.some(({ id }) => id === file.id) || !owners.claim(this.#key(file.id), this)) {
      return file.close();
    }
    try {
      const known = owners.known(this.#key(file.id));
      const readBefore = known && known.offset > wanted.offset && (await hasContentOf(log, known));
      await file.seek(readBefore ? known : wanted);
    } catch (error) {
      owners.release(this.#key(file.id), this);
      await file.close();
      throw error;
    }
    file.quietSince = clock.monotonic();
    this.#files.splice(index, 0, file);
    this.moved = true;
  }

  async #close(file: OpenFile): Promise<void> {
    const { owners } = this.#given;
    this.#files = this.#files.filter((one) => one !== file);
    this.moved = true;
    owners.remember(this.#key(file.id), file.position());
    owners.release(this.#key(file.id), this);
    await file.close();
  }

  #key(inode: string): string {
    return ownerKey(this.#given.group, inode);
  }
}
