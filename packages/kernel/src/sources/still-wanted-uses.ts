import { isDeepStrictEqual } from 'node:util';
import type { SourceUse } from '@remand/api';

type Use = SourceUse<unknown>;

/**
 * What is wanted now, under the ids that an instance of the source knows, when it reads just that.
 * A source may tell its uses apart by their jails (`source-file` reads a file with two names once
 * for the same jails), so with several uses the jails have to be the same as well.
 * @returns undefined when the instance, which was given `known`, is not right any more
 */
export function stillWantedUses(
  known: readonly Use[],
  wanted: readonly Use[],
): readonly Use[] | undefined {
  if (known.length !== wanted.length) return undefined;
  const uses: Use[] = [];
  for (const use of wanted) {
    const same = known.find(({ options }) => isDeepStrictEqual(options, use.options));
    const hasSameJails = isDeepStrictEqual(same?.jails.toSorted(), use.jails.toSorted());
    if (!same || (wanted.length > 1 && !hasSameJails)) return undefined;
    uses.push({ ...use, id: same.id });
  }
  return uses;
}
