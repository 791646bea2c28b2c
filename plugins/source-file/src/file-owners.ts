import type { Position } from './bookmark.ts';

const mostKnown = 4_096;

/**
 * Who reads which inode. Two paths can lead to one file: a link, or a pattern such as `auth.log*`
 * that covers the file also under its next name. For one group (the same jails, zone and header)
 * an inode is read by one reader at a time, and the next one goes on where that one ended.
 */
export class FileOwners {
  readonly #owners = new Map<string, object>();
  readonly #known = new Map<string, Position>();

  claim(key: string, reader: object): boolean {
    const owner = this.#owners.get(key) ?? reader;
    this.#owners.set(key, owner);
    return owner === reader;
  }

  isOthers(key: string, reader: object): boolean {
    return (this.#owners.get(key) ?? reader) !== reader;
  }

  release(key: string, reader: object): void {
    if (this.#owners.get(key) === reader) this.#owners.delete(key);
  }

  remember(key: string, position: Position): void {
    this.#known.delete(key);
    this.#known.set(key, position);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest);
  }

  /** For bookmarks at the start, where several can name one inode: the furthest counts. */
  rememberFurthest(key: string, position: Position): void {
    if ((this.#known.get(key)?.offset ?? -1) < position.offset) this.remember(key, position);
  }

  /** To be checked against the content: an inode number is used again for another file. */
  known(key: string): Position | undefined {
    return this.#known.get(key);
  }
}

export function ownerKey(group: string, inode: string): string {
  return `${group}|${inode}`;
}
