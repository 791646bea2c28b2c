import type { ConfigPath } from '@remand/api';
import { explainIssues } from './explain-issue.ts';
import type { Locate, LocatedProblem } from './location.ts';
import { mergeDropIns } from './merge-drop-ins.ts';
import type { RcDocument } from './rc-document.ts';
import { rcSchema } from './rc-schema.ts';
import { type ResolveGiven, resolveSettings } from './resolve-settings.ts';
import type { Settings } from './settings.ts';
import { isOtherVersion, otherVersion } from './version.ts';
import { isWritten, type Written } from './written.ts';

export interface BuiltRc {
  /** What is valid, even beside problems; missing when the main file says nothing at all. */
  readonly settings?: Settings;
  /** All of all files, in the order of the files and of the lines in them. */
  readonly problems: readonly LocatedProblem[];
  readonly warnings: readonly string[];
  readonly locate: Locate;
  /** Whether a file gives a value for exactly this path. */
  readonly isWritten: (path: ConfigPath) => boolean;
}

/** What a configuration is written in. */
export interface RcDocuments {
  readonly main: RcDocument;
  readonly dropIns: readonly RcDocument[];
  /** The files of filters, by the names of the filters. */
  readonly filters?: ReadonlyMap<string, RcDocument>;
}

/** Puts the main file, its drop-ins and its filters together, validates the whole and resolves it. */
export function buildRc(
  { main, dropIns, filters = new Map() }: RcDocuments,
  given: ResolveGiven,
): BuiltRc {
  const documents = [main, ...dropIns, ...filters.values()];
  const merged = mergeDropIns(main, dropIns);
  const ownerOf = ([first, name]: ConfigPath) =>
    (first === 'jails' && typeof name === 'string' ? merged.owners.get(name) : main) ?? main;
  const locate: Locate = (path, at) => {
    const file = fileOfFilter(path, filters);
    return file ? file.locate(path.slice(2), at) : ownerOf(path).locate(path, at);
  };
  const finish = (problems: readonly LocatedProblem[], settings?: Settings): BuiltRc => ({
    ...(settings === undefined ? {} : { settings }),
    problems: sortProblems(
      cut([...documents.flatMap((document) => document.problems), ...problems]).map((problem) => {
        const location = problem.location ?? locate(problem.path, problem.at);
        return location === undefined ? problem : { ...problem, location };
      }),
      documents,
    ),
    warnings: settings === undefined ? [] : warningsOf(settings),
    locate,
    isWritten: (path) => ownerOf(path).has(path),
  });
  const syntaxIsWrong = main.problems.some((problem) => problem.code === 'CONFIG_SYNTAX');
  const isNoMap = main.value !== null && !isWritten(main.value);
  if (syntaxIsWrong || isNoMap) return finish(merged.problems);

  const { raw, problems: later } = takeOutLater(withFilters(merged.raw, filters));
  if (isOtherVersion(raw.version)) return finish([otherVersion(raw.version)]);
  const parsed = rcSchema.safeParse(raw);
  const invalid = parsed.success ? [] : explainIssues(parsed.error.issues, raw, rcSchema);
  const { settings, problems } = resolveSettings(raw, given);
  return finish([...merged.problems, ...later, ...invalid, ...problems], settings);
}

/** The file that what stands inside of a filter is in; its name stands in the main file. */
function fileOfFilter(
  [first, name, ...rest]: ConfigPath,
  filters: ReadonlyMap<string, RcDocument>,
): RcDocument | undefined {
  return first === 'filters' && rest.length > 0 ? filters.get(String(name)) : undefined;
}

function withFilters(raw: Written, filters: ReadonlyMap<string, RcDocument>): Written {
  if (!isWritten(raw.filters)) return raw;
  // What is wrong with the syntax of a file is said already.
  const read = [...filters].map(
    ([name, { value, problems }]) => [name, problems.length > 0 ? './' : value] as const,
  );
  return { ...raw, filters: { ...raw.filters, ...Object.fromEntries(read) } };
}

/** What people will write here because the design or another tool has it. */
function takeOutLater(written: Written) {
  const { $import, ...raw } = written;
  const problems: LocatedProblem[] = [];
  if ($import !== undefined) {
    const message = 'other files cannot be imported';
    const hint = 'put jails into files in jails.d beside the main file';
    problems.push({ path: ['$import'], at: 'key', message, hint });
  }
  return { raw, problems };
}

function warningsOf({ kernel }: Settings): readonly string[] {
  return [
    ...(kernel.jails.length === 0 ? ['no jail is in use: nothing is read'] : []),
    ...kernel.neverBan
      .filter((entry) => entry.endsWith('/0'))
      .map((entry) => `neverBan: ${entry} holds every address: none of them will be banned`),
  ];
}

/** Nobody reads more at one time. */
const mostProblems = 200;

function cut(problems: readonly LocatedProblem[]): readonly LocatedProblem[] {
  const more = problems.length - mostProblems;
  if (more <= 0) return problems;
  return [...problems.slice(0, mostProblems), { path: [], message: `… and ${more} more mistakes` }];
}

function sortProblems(
  problems: readonly LocatedProblem[],
  documents: readonly RcDocument[],
): readonly LocatedProblem[] {
  const files = documents.map((document) => document.file);
  return problems.toSorted(({ location: left }, { location: right }) => {
    if (left === undefined || right === undefined) return 0;
    const byFile = files.indexOf(left.file) - files.indexOf(right.file);
    return byFile || left.line - right.line || left.column - right.column;
  });
}
