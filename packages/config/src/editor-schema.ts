import type { PluginKind } from '@remand/api';
import { rcJsonSchema } from './rc-schema.ts';

/** A plugin that an rc file can name, with what it takes. */
export interface NamedSchema {
  readonly kind: PluginKind;
  readonly name: string;
  readonly summary: string;
  /** Its options as JSON Schema, draft 2020-12. */
  readonly options: JsonSchema;
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** Where an rc file names plugins, and of which kind. `*` stands for a jail's name. */
const places: readonly (readonly [path: readonly string[], kind: PluginKind])[] = [
  [['defaults', 'actions', '[]'], 'action'],
  [['jails', '*', 'filter'], 'filter'],
  [['jails', '*', 'sources', '[]'], 'source'],
  [['jails', '*', 'actions', '[]'], 'action'],
  [['escalation', '[]', 'actions', '[]'], 'action'],
  [['notifiers', '[]'], 'notifier'],
];

/**
 * The rc format with the options of these plugins in it, as JSON Schema (draft 2020-12): what an
 * editor needs to complete and to check an rc file.
 */
export function editorSchema(plugins: readonly NamedSchema[]): JsonSchema {
  const schema = structuredClone(rcJsonSchema());
  for (const [path, kind] of places) {
    const place = path.reduce<unknown>(stepInto, schema);
    if (typeof place !== 'object' || place === null) throw new Error(`no ${path.join('.')}`);
    const { description } = place as { description?: unknown };
    for (const key of Object.keys(place)) Reflect.deleteProperty(place, key);
    Object.assign(
      place,
      { $ref: `#/$defs/${kind}` },
      description === undefined ? {} : { description },
    );
  }
  const kinds: readonly PluginKind[] = ['source', 'filter', 'action', 'notifier'];
  const definitions = kinds.map((kind) => [kind, useSchema(kind, plugins)] as const);
  return { ...schema, title: 'The rc file of remand', $defs: Object.fromEntries(definitions) };
}

function stepInto(schema: unknown, step: string): unknown {
  const key =
    step === '[]' ? ['items'] : step === '*' ? ['additionalProperties'] : ['properties', step];
  return key.reduce(memberOf, schema);
}

/** JSON Schema cannot ask which names a file has elsewhere. */
const ownFilter = {
  type: 'string',
  pattern: '^[a-z0-9-]{1,40}$',
  description: 'One of the filters of this file.',
};

/** A name, or a map of one name to its options; of a source also a path. */
function useSchema(kind: PluginKind, plugins: readonly NamedSchema[]): JsonSchema {
  const its = plugins.filter((plugin) => plugin.kind === kind);
  const bare = its.filter(({ options }) => !needsOptions(options));
  return {
    title: kind,
    anyOf: [
      ...bare.map(({ name, summary }) => ({ const: name, description: summary })),
      ...(kind === 'source' ? [{ type: 'string', pattern: '^[/.]', description: 'A path.' }] : []),
      ...(kind === 'filter' ? [ownFilter] : []),
      {
        type: 'object',
        properties: Object.fromEntries(its.map((plugin) => [plugin.name, optionsSchema(plugin)])),
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      },
    ],
  };
}

/** Embedded with a name of its own where it refers to parts of itself. */
function optionsSchema({ kind, name, summary, options }: NamedSchema): JsonSchema {
  const { $schema: _draft, ...schema } = options;
  const id = '$defs' in schema ? { $id: `remand:${kind}/${name}` } : {};
  return { ...id, description: summary, ...schema };
}

function needsOptions({ required }: JsonSchema): boolean {
  return Array.isArray(required) && required.length > 0;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
