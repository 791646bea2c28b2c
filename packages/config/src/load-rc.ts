import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type ConfigPath, printable, reasonOf } from '@remand/api';
import { buildRc } from './build-rc.ts';
import type { FoundRc } from './find-rc.ts';
import type { Locate, LocatedProblem } from './location.ts';
import { originOf } from './origin-of.ts';
import { RcDocument } from './rc-document.ts';
import { readFilterFiles } from './read-filter-files.ts';
import { readGuarded } from './read-guarded.ts';
import type { Settings } from './settings.ts';

export interface LoadRcGiven {
  /** Observe with every jail, whatever the file says. */
  readonly observe?: boolean;
  /** Default: of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: of this user. */
  readonly home?: string;
}

export interface LoadedRc {
  readonly found: FoundRc;
  /** Absolute paths of what was read, the main file first. */
  readonly files: readonly string[];
  /**
   * What is valid, even beside problems, so that a kernel can add its own; missing when the syntax
   * of the main file is wrong.
   */
  readonly settings?: Settings;
  /** Every mistake in every file. With any of them `settings` must not be run. */
  readonly problems: readonly LocatedProblem[];
  readonly warnings: readonly string[];
  readonly locate: Locate;
  /**
   * Where an effective value comes from: `remand.yaml:14`, `defaults of remand.yaml:5`, or
   * `built-in default`.
   */
  readonly originOf: (path: ConfigPath) => string;
}

/**
 * Reads, parses and validates an rc file and its drop-ins.
 * @throws ConfigError when the main file cannot or must not be read; all else is in `problems`
 */
export async function loadRc(found: FoundRc, given: LoadRcGiven = {}): Promise<LoadedRc> {
  const { observe = false, env = process.env, home = homedir() } = given;
  const main = new RcDocument(await readGuarded(found.file, found), found.shown);
  const dropIns = await readDropIns(found);
  const filters = await readFilterFiles(main, found);
  const built = buildRc(
    { main, dropIns: dropIns.documents, filters: filters.documents },
    {
      file: found.file,
      observe,
      isRoot: found.isRoot,
      env,
      home,
    },
  );
  return {
    found,
    files: [found.file, ...dropIns.files, ...filters.files],
    ...(built.settings === undefined ? {} : { settings: built.settings }),
    problems: [...dropIns.problems, ...filters.problems, ...built.problems],
    warnings: [...found.warnings, ...dropIns.warnings, ...built.warnings],
    locate: built.locate,
    originOf: (path) => originOf(path, built),
  };
}

async function readDropIns({ dropIns: folder, ...rules }: FoundRc) {
  const documents: RcDocument[] = [];
  const files: string[] = [];
  const problems: LocatedProblem[] = [];
  const warnings: string[] = [];
  for (const name of folder === undefined ? [] : await namesIn(folder, problems)) {
    const file = join(folder ?? '', name);
    if (!name.endsWith('.yaml')) {
      warnings.push(`${printable(file)} is passed over: drop-ins are called NAME.yaml`);
      continue;
    }
    try {
      documents.push(new RcDocument(await readGuarded(file, rules), printable(file, 400)));
      files.push(file);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(asProblem(error));
    }
  }
  return { documents, files, problems, warnings };
}

async function namesIn(folder: string, problems: LocatedProblem[]): Promise<readonly string[]> {
  try {
    // Hidden ones are those of editors.
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    const message = `${printable(folder, 400)} cannot be read: ${printable(reasonOf(error))}`;
    problems.push({ path: [], message, code: 'CONFIG_UNREADABLE' });
    return [];
  }
}

function asProblem({ message, code, hint }: ConfigError): LocatedProblem {
  return { path: [], message, code, ...(hint === undefined ? {} : { hint }) };
}
