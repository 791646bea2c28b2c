import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundled } from '../src/bundled.ts';
import { listPlugins } from '../src/list-plugins.ts';
import { tempFolder } from './support/temp-folder.ts';

const schema = `{ '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }),
  jsonSchema: { input: () => ({}), output: () => ({}) } } }`;

describe(listPlugins.name, () => {
  it('lists every bundled plugin under the name that the table gives it', async () => {
    const rc = join(tempFolder(), 'remand.yaml');
    writeFileSync(rc, 'version: 1\n');

    const listed = (await listPlugins({ rc })).map(({ kind, name }) => `${kind} ${name}`);

    const table = Object.entries(bundled).flatMap(([kind, importers]) =>
      Object.keys(importers).map((name) => `${kind} ${name}`),
    );
    expect(listed.toSorted()).toEqual(table.toSorted());
  });

  it('adds those of the rc file, and counts who uses what', async () => {
    const folder = tempFolder();
    writeFileSync(
      join(folder, 'mine.mjs'),
      `export default { kind: 'action', name: 'mine', apiVersion: 1, summary: 'Mine.',
        options: ${schema}, inject: [], ownership: 'own', scope: 'jail', create: () => ({}) };`,
    );
    writeFileSync(
      join(folder, 'remand.yaml'),
      'version: 1\nplugins: [./mine.mjs]\njails: { ssh: { filter: sshd, sources: [/a], actions: [mine] } }\n',
    );

    const reports = await listPlugins({ rc: join(folder, 'remand.yaml') });

    expect(reports).toContainEqual(
      expect.objectContaining({ name: 'mine', origin: join(folder, 'mine.mjs'), inUse: 1 }),
    );
    expect(reports).toContainEqual(
      expect.objectContaining({ name: 'sshd', origin: 'bundled', inUse: 1 }),
    );
  });

  it('refuses an rc file with mistakes', async () => {
    const rc = join(tempFolder(), 'remand.yaml');
    writeFileSync(rc, 'version: 1\nnonsense: 1\n');

    await expect(listPlugins({ rc })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
