import { describe, expect, it } from 'vitest';
import { readChoices } from '../src/choices.ts';

describe(readChoices.name, () => {
  it('asks for what the arguments leave open', async () => {
    const answers = ['filter', ' foo ', ''];
    const asked: string[] = [];

    const choices = await readChoices([], async (question) => {
      asked.push(question);
      return answers.shift() ?? '';
    });

    expect(asked).toHaveLength(3);
    expect(choices).toMatchObject({
      kind: 'filter',
      name: 'foo',
      license: 'Apache-2.0',
      folder: 'remand-filter-foo',
    });
  });

  it('asks nobody for what it was told', async () => {
    const argv = ['there', '--kind', 'source', '--name', 'x', '--license', 'none'];

    expect(await readChoices(argv, undefined)).toMatchObject({ folder: 'there', license: 'none' });
  });

  it('asks again, and says why, until an answer fits', async () => {
    const answers = ['tank', 'filter', 'No!', 'foo', ''];
    const asked: string[] = [];

    const choices = await readChoices([], async (question) => {
      asked.push(question);
      return answers.shift() ?? '';
    });

    expect(choices).toMatchObject({ kind: 'filter', name: 'foo' });
    expect(asked[1]).toContain('--kind got "tank", wanted one of source');
    expect(asked[3]).toContain('--name got "No!", wanted 1 to 40');
  });

  it('wants nothing when help is wanted', async () => {
    expect(await readChoices(['--help'], undefined)).toMatchObject({ help: true });
  });
});
