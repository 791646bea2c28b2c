import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSocket } from '../../src/client/find-socket.ts';
import { mayNameSocket } from '../../src/client/may-name-socket.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remand-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const root = { isRoot: true, env: {}, cwd: '/' };

describe(mayNameSocket.name, () => {
  it.each([
    ['a file that does', 'control: { socket: /x }', true],
    ['one that could, by escapes', '"\\x63ontrol": {}', true],
    ['one that does not', 'version: 1\njails: {}', false],
  ])('looks at %s', (_what, text, may) => {
    writeFileSync(join(folder, 'remand.yaml'), text);

    expect(mayNameSocket(join(folder, 'remand.yaml'), root)).toBe(may);
    expect(mayNameSocket(undefined, root, folder)).toBe(may);
  });

  it('leaves it to the loader to complain about a file that is not there', () => {
    expect(mayNameSocket(join(folder, 'none'), root)).toBe(true);
    expect(mayNameSocket(undefined, root, folder)).toBe(false);
  });
});

describe(findSocket.name, () => {
  it('prefers what it is told, then the rc file, whatever else is wrong in it', async () => {
    const rc = join(folder, 'remand.yaml');
    writeFileSync(rc, 'version: 1\nnonsense: 1\ncontrol: { socket: ./my.sock }\n');

    expect(await findSocket({ socket: '/told', config: rc })).toBe('/told');
    expect(await findSocket({ config: rc })).toBe(join(folder, 'my.sock'));
  });

  it('refuses an rc file that is not there', async () => {
    await expect(findSocket({ config: join(folder, 'none.yaml') })).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
    });
  });
});
