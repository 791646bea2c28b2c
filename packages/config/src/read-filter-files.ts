import { dirname, resolve } from 'node:path';
import { ConfigError, printable } from '@remand/api';
import type { FoundRc } from './find-rc.ts';
import type { LocatedProblem } from './location.ts';
import { RcDocument } from './rc-document.ts';
import { readGuarded } from './read-guarded.ts';
import { isWritten } from './written.ts';

export interface FilterFiles {
  /** The parsed files by the names of the filters. */
  readonly documents: ReadonlyMap<string, RcDocument>;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly problems: readonly LocatedProblem[];
}

/** Reads the files that `filters:` of an rc file names. */
export async function readFilterFiles(main: RcDocument, found: FoundRc): Promise<FilterFiles> {
  const written = isWritten(main.value) ? main.value.filters : undefined;
  const documents = new Map<string, RcDocument>();
  const files: string[] = [];
  const problems: LocatedProblem[] = [];
  for (const [name, path] of Object.entries(isWritten(written) ? written : {})) {
    if (typeof path !== 'string' || !/^[./]/.test(path) || path.includes('\0')) continue;
    const file = resolve(dirname(found.file), path);
    try {
      documents.set(name, new RcDocument(await readGuarded(file, found), printable(file, 400)));
      files.push(file);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const { message, code, hint } = error;
      const place = { path: ['filters', name], location: main.locate(['filters', name]) };
      problems.push({ ...place, message, code, ...(hint === undefined ? {} : { hint }) });
    }
  }
  return { documents, files, problems };
}
