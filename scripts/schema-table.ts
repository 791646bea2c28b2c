/** The parts of JSON Schema (draft 2020-12) that the schemas of this repository use. */
export interface JsonSchema {
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** A Markdown table of the keys of an object, nested ones behind a dot. */
export function schemaTable(schema: JsonSchema): string {
  const rows = rowsOf(schema, '');
  if (rows.length === 0) return 'It has no options.';
  const head = ['| name | type | default | what it does |', '|---|---|---|---|'];
  return [...head, ...rows].join('\n');
}

/** Puts `content` between `<!-- mark -->` and `<!-- /mark -->`; undefined without such a place. */
export function replaceBetween(text: string, mark: string, content: string): string | undefined {
  const begin = `<!-- ${mark} -->\n`;
  const start = text.indexOf(begin);
  const end = text.indexOf(`<!-- /${mark} -->`, start);
  if (start < 0 || end < 0) return undefined;
  return `${text.slice(0, start)}${begin}\n${content}\n\n${text.slice(end)}`;
}

function rowsOf(schema: JsonSchema, prefix: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    const isRequired = schema.required?.includes(key) === true && value.default === undefined;
    const preset = isRequired ? 'required' : presetOf(value.default);
    const cells = [`\`${name}\``, typeOf(value), preset, value.description ?? ''];
    return [`| ${cells.map(cell).join(' | ')} |`, ...nestedRows(value, name)];
  });
}

/** Those of a map with known keys, of a map by name, and of the items of a list. */
function nestedRows(schema: JsonSchema, name: string): readonly string[] {
  if (schema.title !== undefined) return [];
  const { additionalProperties: named, items } = schema;
  return [
    ...rowsOf(schema, `${name}.`),
    ...(typeof named === 'object' ? rowsOf(named, `${name}.NAME.`) : []),
    ...(items === undefined ? [] : rowsOf(items, `${name}[].`)),
  ];
}

function typeOf(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'object') return 'map';
  if (schema.type === 'boolean') return '`true` or `false`';
  if (schema.type === 'integer') return `whole number${boundsOf(schema)}`;
  return `${[schema.type ?? 'anything'].flat().join(' or ')}${boundsOf(schema)}`;
}

function boundsOf({ minimum, maximum }: JsonSchema): string {
  // What JavaScript can count to is no limit that anybody chose.
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  if (least !== undefined) return ` from ${least}`;
  return most === undefined ? '' : ` to ${most}`;
}

function presetOf(value: unknown): string {
  return value === undefined ? '' : code(value);
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}
