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

  it('counts as a daemon does: a list once, however many jails are on it', async () => {
    const rc = join(tempFolder(), 'remand.yaml');
    const jail = '{ filter: sshd, sources: [/a], actions: [{ nftables: { name: x } }] }';
    writeFileSync(rc, `version: 1\njails: { a: ${jail}, b: ${jail} }\nnotifiers: [log]\n`);

    const used = (await listPlugins({ rc })).filter(({ inUse }) => inUse > 0);

    expect(used.map(({ name, inUse }) => [name, inUse]).toSorted()).toEqual([
      ['file', 2],
      ['log', 1],
      ['nftables', 1],
      ['sshd', 2],
    ]);
  });

  it('names every module that cannot be loaded, and where', async () => {
    const folder = tempFolder();
    const rc = join(folder, 'remand.yaml');
    writeFileSync(join(folder, 'empty.mjs'), 'export default 1;');
    writeFileSync(rc, 'version: 1\nplugins: [./none.mjs, ./empty.mjs]\n');

    await expect(listPlugins({ rc })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      problems: [{ path: ['plugins', 0] }, { path: ['plugins', 1] }],
      message: expect.stringMatching(/:2:11 .*none\.mjs.*:2:23 .*empty\.mjs/s),
    });
  });

  it('lists what there is although a jail names what there is not', async () => {
    const rc = join(tempFolder(), 'remand.yaml');
    writeFileSync(
      rc,
      'version: 1\njails: { a: { filter: shsd, sources: [/a], actions: [observe] } }\n',
    );

    expect(await listPlugins({ rc })).toContainEqual(expect.objectContaining({ name: 'sshd' }));
  });

  it('refuses an rc file with mistakes', async () => {
    const rc = join(tempFolder(), 'remand.yaml');
    writeFileSync(rc, 'version: 1\nnonsense: 1\n');

    await expect(listPlugins({ rc })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
