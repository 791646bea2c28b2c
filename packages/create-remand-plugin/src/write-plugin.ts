import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Choices } from './choices.ts';
import { type Kind, kindTexts } from './kinds.ts';
import { UsageError } from './usage-error.ts';

const templates = new URL('../templates/', import.meta.url);

/** npm leaves out of a package, or takes for its own, what has these names. */
const renamed: readonly (readonly [written: RegExp, name: string])[] = [
  [/^github\//, '.github/'],
  [/^gitignore$/, '.gitignore'],
  [/^package\.template\.json$/, 'package.json'],
];

/**
 * Writes the files of a new plugin. @returns their paths in the folder, sorted
 * @throws UsageError when the folder has something in it
 */
export async function writePlugin(
  choices: Choices,
  given: { readonly version: string; readonly year: number },
): Promise<readonly string[]> {
  const { folder, kind, license } = choices;
  await refuseFull(folder);
  const words = wordsOf(choices, given);
  const files = new Map<string, string>();
  for (const place of ['common', kind]) {
    for (const file of await filesIn(place)) {
      const text = await readFile(new URL(`${place}/${file}`, templates), 'utf8');
      files.set(
        renamed.reduce((path, [written, name]) => path.replace(written, name), file),
        text,
      );
    }
  }
  if (license !== 'none') {
    files.set('LICENSE', await readFile(new URL(`licenses/${license}`, templates), 'utf8'));
  }
  for (const [file, text] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    const done = filled(text, words);
    await writeFile(join(folder, file), file === 'package.json' ? withNeeds(done, kind) : done);
  }
  return [...files.keys()].sort();
}

async function refuseFull(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new UsageError(`${folder} is not empty: name a folder that is, or a new one`);
  }
}

async function filesIn(place: string): Promise<readonly string[]> {
  const found = await readdir(new URL(place, templates), { recursive: true, withFileTypes: true });
  const root = new URL(`${place}/`, templates).pathname;
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length - 1))
    .map((file) => file.replace(/^\//, ''));
}

function wordsOf(
  { kind, name, license, author }: Choices,
  { version, year }: { readonly version: string; readonly year: number },
): Readonly<Record<string, string>> {
  const { summary, usage, options, suite } = kindTexts[kind];
  const packageName = `remand-${kind}-${name}`;
  return {
    kind,
    name,
    package: packageName,
    summary,
    usage: usage.replaceAll('NAME', name),
    options,
    suite,
    license: license === 'none' ? 'UNLICENSED' : license,
    author: author ?? `the authors of ${packageName}`,
    version,
    year: String(year),
  };
}

/** What a kind needs has the version of the contracts. */
function withNeeds(manifest: string, kind: Kind): string {
  const read = JSON.parse(manifest);
  const { '@remand/api': version, ...others } = read.dependencies;
  const needed = ['@remand/api', ...(kindTexts[kind].needs ?? [])].map((name) => [name, version]);
  const dependencies = { ...Object.fromEntries(needed), ...others };
  return `${JSON.stringify({ ...read, dependencies }, null, 2)}\n`;
}

/** Puts words in the place of `{{word}}`. One that is not known is a mistake of the template. */
function filled(text: string, words: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_all, word: string) => {
    const found = words[word];
    if (found === undefined) throw new Error(`a template wants {{${word}}}, which there is not`);
    return found;
  });
}
