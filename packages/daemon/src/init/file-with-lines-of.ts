import { builtinDefaults } from '@remand/config';
import { createFilterTrial } from '@remand/kernel';
import { bundled } from '../bundled.ts';
import { importPlugin } from '../import-plugin.ts';
import { logTails } from './log-tails.ts';

/** The first of the files in which the programs of a filter have written lately, whatever they said. */
export async function fileWithLinesOf(
  filter: string,
  paths: readonly string[],
): Promise<string | undefined> {
  const trial = await createFilterTrial({
    ...{ name: filter, options: {}, plugins: [], bundled, importModule: importPlugin },
    maxLineBytes: builtinDefaults.maxLineBytes,
  });
  try {
    for await (const { path, lines } of logTails(paths)) {
      const isOfIt = lines.some((line) => {
        const { notOffered } = trial.read(line);
        return notOffered === null || notOffered === 'other-beginning';
      });
      if (isOfIt) return path;
    }
    return undefined;
  } finally {
    await trial.close();
  }
}
