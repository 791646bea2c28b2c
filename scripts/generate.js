/**
 * Writes what is derived from the schemas, such as the option tables of the plugins' READMEs.
 * In CI nothing is written: what is out of date fails.
 */
import { readFile, writeFile } from 'node:fs/promises';

/** @type {{ file: string, render: (current: string) => Promise<string> }[]} */
const targets = [];

const compareOnly = process.env.CI === 'true';
for (const { file, render } of targets) {
  const current = await readFile(file, 'utf8').catch(() => '');
  const wanted = await render(current);
  if (wanted === current) continue;
  if (compareOnly) {
    console.error(`${file} is out of date: run "npm run generate" and commit it`);
    process.exitCode = 1;
  } else {
    await writeFile(file, wanted);
    console.log(`${file} written`);
  }
}
