import type { Health, SourceFeed } from '@remand/api';
import { printable } from '@remand/api';
import { coversPath, isPattern } from './expand-paths.ts';
import type { FileReader } from './file-reader.ts';
import type { PathEntry } from './use-paths.ts';

/**
 * Reports how each entry of `paths` fares. Not each file: the files of a pattern come and go, and
 * a report cannot be taken back.
 */
export class PathHealth {
  readonly #entries: readonly PathEntry[];
  readonly #feed: SourceFeed;
  readonly #reported = new Map<string, string>();

  constructor(entries: readonly PathEntry[], feed: SourceFeed) {
    this.#entries = entries;
    this.#feed = feed;
  }

  report(readers: readonly FileReader[]): void {
    for (const { entry, uses } of this.#entries) {
      const health = healthOf(
        entry,
        readers.filter(({ path }) => coversPath(entry, path)),
      );
      const said = JSON.stringify(health);
      if (this.#reported.get(entry) === said) continue;
      this.#reported.set(entry, said);
      this.#feed.health(entry, { ...health, uses, label: printable(entry) });
    }
  }
}

function healthOf(entry: string, readers: readonly FileReader[]): Health {
  const troubles = readers.flatMap(({ trouble }) => trouble ?? []);
  const [first] = troubles;
  if (isPattern(entry) && troubles.every(({ missing }) => missing)) {
    if (troubles.length < readers.length) return { state: 'ok' };
    return {
      state: 'degraded',
      reason: `no file matches ${printable(entry)}`,
      hint: 'files are read as soon as they appear; check the pattern',
    };
  }
  if (!first) return { state: 'ok' };
  const others = troubles.length > 1 ? ` (and ${troubles.length - 1} more)` : '';
  return { state: 'degraded', reason: `${first.reason}${others}`, hint: first.hint };
}
