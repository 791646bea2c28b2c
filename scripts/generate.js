/**
 * Writes what is derived from the schemas and tables: the option tables of the plugins' READMEs,
 * the pages of error codes and of rc keys. With --check, and in CI, nothing is written: what is out
 * of date fails.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { errorCodes } from '@remand/api';
import { rcJsonSchema } from '@remand/config';
import { replaceBetween, schemaTable } from './schema-table.ts';

const root = new URL('../', import.meta.url);
const compareOnly = process.argv.includes('--check') || process.env.CI === 'true';

const targets = [
  { file: 'docs/reference/errors.md', render: errorsPage },
  { file: 'docs/reference/rc.md', render: (text) => replaceBetween(text, 'keys', rcTable()) },
  ...(await pluginTargets()),
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

async function pluginTargets() {
  const folders = (await readdir(new URL('plugins/', root))).sort();
  const found = [];
  for (const folder of folders) {
    const module = new URL(`plugins/${folder}/dist/index.js`, root);
    const exported = existsSync(module) ? Object.values(await import(module.href)) : [];
    const plugins = [...new Set(exported)].filter((value) => value?.options !== undefined);
    if (plugins.length === 0) {
      console.log(`plugins/${folder} is skipped: it exports no plugin`);
      continue;
    }
    const tables = plugins.map((plugin) => optionTable(plugin, plugins.length > 1));
    found.push({
      file: `plugins/${folder}/README.md`,
      render: (text) => replaceBetween(text, 'options', tables.join('\n\n')),
    });
  }
  return found;
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
