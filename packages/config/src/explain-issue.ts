import { type ConfigPath, type ConfigProblem, nearestName, printable } from '@remand/api';
import { z } from 'zod';
import { shown } from './shown.ts';

type Issue = z.core.$ZodIssue;

/** What the validator found in `raw`, as one problem per mistake. The path of each is kept. */
export function explainIssues(
  issues: readonly Issue[],
  raw: unknown,
  schema: z.ZodType,
): readonly ConfigProblem[] {
  const seen = new Set<string>();
  return issues
    .flatMap((issue) => explain(issue, raw, schema))
    .filter(({ path }) => {
      // A value that breaks two rules has the same "wanted" in both.
      const key = JSON.stringify(path);
      return !seen.has(key) && seen.add(key);
    });
}

function explain(issue: Issue, raw: unknown, schema: z.ZodType): readonly ConfigProblem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => unknownKey([...path, key], key, known));
  }
  if (issue.code === 'invalid_key') return [badKey(path, issue.issues)];
  const value = valueAt(raw, path);
  if (value === undefined) return [{ path, message: `is missing, wanted ${issue.message}` }];
  const message = `got ${shown(value)}, wanted ${issue.message}`;
  const hint = hintFor(issue, value);
  return [hint === undefined ? { path, message } : { path, message, hint }];
}

/** `{ maxRetri: 3 }` → `unknown key "maxRetri"`, did you mean "maxRetry"? */
function unknownKey(path: ConfigPath, key: string, known: readonly string[]): ConfigProblem {
  const nearest = nearestName(key, known);
  const translated = otherWords.get(key.toLowerCase());
  const meant = translated !== undefined && known.includes(translated) ? translated : nearest;
  const hint = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean "${meant}"?`;
  return { path, message: `unknown key "${printable(key, 60)}"`, hint, at: 'key' };
}

/** Keys of fail2ban, and of habit. */
const otherWords: ReadonlyMap<string, string> = new Map([
  ['ignoreip', 'neverBan'],
  ['whitelist', 'neverBan'],
  ['allowlist', 'neverBan'],
  ['logpath', 'sources'],
  ['banaction', 'actions'],
]);

/** `{ SSH: … }` → `got "SSH", wanted a name of …` */
function badKey(path: ConfigPath, issues: readonly Issue[]): ConfigProblem {
  const wanted = issues[0]?.message ?? 'another name';
  return { path, message: `got ${shown(path.at(-1))}, wanted ${wanted}`, at: 'key' };
}

/** `010`, `1_000`, `1e3`, `0x10`, and a number in quotes. */
const writtenNumber = /^[-+]?(?:0[xo][0-9a-f]+|[0-9][0-9_]*(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?)$/i;

function hintFor(issue: Issue, value: unknown): string | undefined {
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const known = issue.values.filter((wanted) => typeof wanted === 'string');
    const nearest = nearestName(value, known);
    if (nearest !== undefined) return `did you mean "${nearest}"?`;
  }
  if (issue.code === 'invalid_type' && issue.expected === 'array' && typeof value === 'string') {
    return `write it as a list: [${printable(value, 60)}]`;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const [name = '', second] = Object.keys(value);
    if (second === undefined || issue.path.at(-1) === 'banTime') return undefined;
    return `indent the options of ${printable(name, 40)} under its name`;
  }
  if (typeof value === 'string' && writtenNumber.test(value)) {
    return 'write numbers without quotes, in plain digits';
  }
  return undefined;
}

function valueAt(raw: unknown, path: ConfigPath): unknown {
  let value = raw;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

function knownKeys(schema: z.ZodType, path: ConfigPath): readonly string[] {
  let at: unknown = schema;
  for (const step of path) {
    const whole = unwrap(at);
    if (whole instanceof z.ZodObject) at = whole.shape[String(step)];
    else if (whole instanceof z.ZodRecord) at = whole.valueType;
    else if (whole instanceof z.ZodArray) at = whole.element;
    else return [];
  }
  const found = unwrap(at);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional) return unwrap(schema.unwrap());
  // A value or a map: only of the map are there keys to know.
  if (!(schema instanceof z.ZodUnion)) return schema;
  return schema.options.find((option) => option instanceof z.ZodObject) ?? schema;
}
