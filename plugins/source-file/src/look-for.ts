import { stat } from 'node:fs/promises';
import type { SourcePresence } from '@remand/api';
import { expandPattern, isPattern } from './expand-paths.ts';
import type { FileOptions } from './options.ts';

/** Whether one of the files is there and holds something. One that is missing is waited for. */
export async function lookFor({ paths }: Pick<FileOptions, 'paths'>): Promise<SourcePresence> {
  for (const path of paths) {
    for (const file of isPattern(path) ? await expandPattern(path) : [path]) {
      const found = await stat(file).catch(() => undefined);
      if (found?.isFile() && found.size > 0) return 'logs';
    }
  }
  return 'silent';
}
