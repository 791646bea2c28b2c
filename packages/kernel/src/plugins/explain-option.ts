import {
  type AnyPlugin,
  type ConfigProblem,
  hideSecrets,
  nearestName,
  printable,
  type SchemaIssue,
} from '@remand/api';

/**
 * From what a plugin's schema says to a sentence with the value got and the nearest known name.
 * Schemas word their issues as they like: known names are taken from the JSON Schema, and from
 * what an issue itself puts in quotation marks.
 */
export function explainOption(
  issue: SchemaIssue,
  plugin: AnyPlugin,
  options: unknown,
): Pick<ConfigProblem, 'message' | 'hint'> {
  const path = keysOf(issue);
  const got = path.reduce<unknown>((value, key) => memberOf(value, key), options);
  const unknownKey = path.length === 0 ? unknownKeyOf(options, plugin) : undefined;
  const near =
    unknownKey === undefined
      ? typeof got === 'string' && nearestName(got, quotedIn(issue.message))
      : nearestName(unknownKey, knownKeys(plugin));
  const value =
    path.length === 0 || got === undefined
      ? ''
      : `got ${printable(JSON.stringify(shown(got, path)), 80)}: `;
  return {
    message: printable(value + issue.message, 300),
    ...(near && { hint: `did you mean "${near}"?` }),
  };
}

/** The key that names a secret may be the last step of the path. */
function shown(got: unknown, path: readonly (string | number)[]): unknown {
  const key = String(path.at(-1));
  return Reflect.get(Object(hideSecrets({ [key]: got })), key);
}

export function keysOf({ path = [] }: SchemaIssue): readonly (string | number)[] {
  return path
    .map((key) => (typeof key === 'object' ? key.key : key))
    .map((key) => (typeof key === 'number' ? key : String(key)));
}

function memberOf(value: unknown, key: string | number): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

function unknownKeyOf(options: unknown, plugin: AnyPlugin): string | undefined {
  const known = knownKeys(plugin);
  const given = options !== null && typeof options === 'object' ? Object.keys(options) : [];
  return given.find((key) => !known.includes(key));
}

function knownKeys(plugin: AnyPlugin): readonly string[] {
  const schema = plugin.options['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  return Object.keys(schema?.properties ?? {});
}

function quotedIn(message: string): string[] {
  return [...message.matchAll(/"([^"]{1,40})"/g)].map(([, word = '']) => word);
}
