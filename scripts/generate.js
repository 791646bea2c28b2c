/**
 * Writes what is derived from the schemas and tables: the option tables of the plugins' READMEs,
 * the pages of error codes, of rc keys and of what each filter recognises, the schema of the rc file
 * for editors. With --check, and
 * in CI, nothing is written: what is out of date fails.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { errorCodes, pluginTokens } from '@remand/api';
import { editorSchema, rcJsonSchema } from '@remand/config';
import { bundled } from '@remand/daemon';
import { pluginSchemas } from '@remand/kernel';
import { listTable } from './list-table.ts';
import { patternTable } from './pattern-table.ts';
import { replaceBetween, schemaTable } from './schema-table.ts';

const root = new URL('../', import.meta.url);
const compareOnly = process.argv.includes('--check') || process.env.CI === 'true';

/** How an rc file may use an action, where bare options are not all there is, or are not enough. */
const actionExamples = {
  'iptables-allports': [{ ipset: 'yes' }, { ipset: 'no' }],
  'iptables-multiport': [
    { ports: [22], ipset: 'yes' },
    { ports: [22], ipset: 'no' },
  ],
  ipset: [{ set: 'blocked', set6: 'blocked6' }],
  ipfw: [{ rule: 20000 }, { rule: 20000, lastRule: 29999 }],
  command: [{ name: 'edge', add: ['/opt/block', '{address}'], remove: ['/opt/open', '{address}'] }],
};

const noTime = { now: () => 0, monotonic: () => 0, after: () => () => undefined };

const plugins = await loadPlugins();
const { schemas } = await pluginSchemas({ plugins: [] }, { bundled });
const schemaFile = `${JSON.stringify(editorSchema(schemas), null, 2)}\n`;

const targets = [
  { file: 'docs/reference/rc.schema.json', render: () => schemaFile },
  { file: 'docs/reference/errors.md', render: errorsPage },
  { file: 'docs/reference/rc.md', render: (text) => replaceBetween(text, 'keys', rcTable()) },
  {
    file: 'docs/reference/lists.md',
    render: (text) => replaceBetween(text, 'lists', listsTable()),
  },
  ...pluginTargets(),
  ...(await payloadTargets()),
  ...(await filterTargets()),
];
for (const { file, render } of targets) {
  const current = await readFile(new URL(file, root), 'utf8').catch(() => '');
  const wanted = render(current);
  if (wanted === undefined) {
    console.log(`${file} is skipped: it has no place for a table`);
  } else if (wanted !== current && compareOnly) {
    console.error(`${file} is out of date: run "npm run generate" and commit it`);
    process.exitCode = 1;
  } else if (wanted !== current) {
    await writeFile(new URL(file, root), wanted);
    console.log(`${file} written`);
  }
}

/** The plugins that each folder exports. */
async function loadPlugins() {
  const folders = (await readdir(new URL('plugins/', root))).sort();
  const found = [];
  for (const folder of folders) {
    const module = new URL(`plugins/${folder}/dist/index.js`, root);
    const exported = existsSync(module) ? Object.values(await import(module.href)) : [];
    const its = [...new Set(exported)].filter((value) => value?.options !== undefined);
    if (its.length > 0) found.push({ folder, plugins: its });
    else console.log(`plugins/${folder} is skipped: it exports no plugin`);
  }
  return found;
}

function pluginTargets() {
  return plugins.flatMap(({ folder, plugins: its }) => {
    if (isCollection(folder)) return collectionTargets(folder, its);
    const tables = its.map((plugin) => optionTable(plugin, its.length > 1));
    return {
      file: `plugins/${folder}/README.md`,
      render: (text) => replaceBetween(text, 'options', tables.join('\n\n')),
    };
  });
}

function listsTable() {
  const actions = plugins
    .flatMap(({ plugins: its }) => its)
    .filter(({ kind }) => kind === 'action');
  return listTable(
    actions.flatMap((plugin) =>
      (actionExamples[plugin.name] ?? [{}]).map((given) => {
        const { value: options, issues } = plugin.options['~standard'].validate(given);
        if (issues) throw new Error(`actionExamples › ${plugin.name}: ${issues[0].message}`);
        const list = plugin.listKey?.(options, 'sshd') ?? plugin.name;
        // It is never started, so no more is asked of what is injected than what time it is.
        const injected = plugin.inject.map((token) => (token === pluginTokens.clock ? noTime : {}));
        return { plugin, given, options, action: plugin.create({ list, options }, ...injected) };
      }),
    ),
  );
}

/** `filters-mail` holds a folder for each of its filters, under its name. */
function isCollection(folder) {
  return folder.startsWith('filters-');
}

/** Each filter of a collection has a page; the collection's own lists them. */
function collectionTargets(folder, its) {
  const rows = its
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ name, summary }) => `| [\`${name}\`](docs/${name}.md) | ${summary} |`);
  const list = ['| filter | what it does |', '|---|---|', ...rows].join('\n');
  return [
    {
      file: `plugins/${folder}/README.md`,
      render: (text) => replaceBetween(text, 'filters', list),
    },
    ...its.map((plugin) => ({
      file: `plugins/${folder}/docs/${plugin.name}.md`,
      render: (text) => replaceBetween(text, 'options', optionTable(plugin, false)),
    })),
  ];
}

/** What the webhook posts is documented as options are. */
async function payloadTargets() {
  const module = new URL('plugins/notifier-webhook/dist/payload.js', root);
  if (!existsSync(module)) return [];
  const { payload } = await import(module.href);
  const table = schemaTable(payload.toJSONSchema());
  return [
    {
      file: 'plugins/notifier-webhook/README.md',
      render: (text) => replaceBetween(text, 'payload', table),
    },
  ];
}

/** A page for each filter that is made of templates, with the samples of its tests as examples. */
async function filterTargets() {
  const pages = await Promise.all(
    patternFilters().map(async ({ name, home, source, samples }) => {
      const module = new URL(source.replace('/src/', '/dist/').replace(/ts$/, 'js'), root);
      if (!existsSync(module)) return [];
      const { patterns, structure } = await import(module.href);
      const rows = (await readFile(new URL(samples, root), 'latin1'))
        .split('\n')
        .map((row) => row.split('|'));
      const exampleOf = ({ id }) => {
        const row = rows.find(([first, second]) => first === id || second === id);
        if (!row) throw new Error(`${samples}: there is no sample of ${id}`);
        return row.slice(4).join('|');
      };
      const page = [
        `# What the filter ${name} recognises\n`,
        `<!-- Generated from ${source} by scripts/generate.js. -->\n`,
        `Templates, in the order in which they are tried, each with a sample. [The language](../../../plugins/filter-patterns/README.md#templates), [the filter](../../../${home}).\n`,
        ...(structure
          ? [
              `They are of the fields ${structure.fields.map((field) => `\`${field}\``).join(', ')} of a line in ${structure.format}, in this order, with \`|\` between them.\n`,
            ]
          : []),
        `${patternTable(patterns, exampleOf)}\n`,
      ];
      return [{ file: `docs/reference/filters/${name}.md`, render: () => page.join('\n') }];
    }),
  );
  return pages.flat();
}

/** Where the filters have their patterns, their samples and their page, if they are made of patterns. */
function patternFilters() {
  const filters = plugins.flatMap(({ folder, plugins: its }) =>
    its.filter(({ kind }) => kind === 'filter').map(({ name }) => ({ folder, name })),
  );
  return filters.map(({ folder, name }) => {
    const at = `plugins/${folder}`;
    return isCollection(folder)
      ? {
          ...{ name, home: `${at}/docs/${name}.md` },
          ...{ source: `${at}/src/${name}/patterns.ts`, samples: `${at}/test/${name}/samples.txt` },
        }
      : {
          ...{ name, home: `${at}/README.md` },
          ...{ source: `${at}/src/patterns.ts`, samples: `${at}/test/samples.txt` },
        };
  });
}

function optionTable({ name, options }, isOneOfSeveral) {
  const schema = options['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  const table = schemaTable(schema);
  return isOneOfSeveral ? `### ${name}\n\n${table}` : table;
}

function rcTable() {
  return schemaTable(rcJsonSchema());
}

function errorsPage() {
  const whoActs = {
    config: 'the author of the rc file or of the command line',
    plugin: 'the author of a plugin',
    command: 'the administrator of the machine',
    internal: 'us: please report it',
  };
  const sections = Object.entries(whoActs).map(([kind, who]) => {
    const codes = Object.entries(errorCodes).filter(([, entry]) => entry.kind === kind);
    const entries = codes.map(([code, { meaning }]) => `### ${code}\n\n${meaning}\n`);
    return `## For ${who}\n\n${entries.join('\n')}`;
  });
  return [
    '# Error codes\n',
    '<!-- Generated from packages/api/src/error-codes.ts by scripts/generate.js. -->\n',
    'Every error that remand shows has one of these codes. A code is never reused.\n',
    ...sections,
  ].join('\n');
}
