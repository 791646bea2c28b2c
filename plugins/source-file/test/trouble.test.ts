import { describe, expect, it } from 'vitest';
import { troubleOf } from '../src/trouble.ts';

describe(troubleOf.name, () => {
  it.each([
    ['ENOENT', true, '/a does not exist', 'as soon as it appears'],
    ['EACCES', false, 'no permission to read /a', 'group adm'],
    ['EMFILE', false, 'too many open files to read /a', 'LimitNOFILE='],
    ['EIO', false, '/a cannot be read: EIO: told', 'tried again'],
  ])('says what %s means and what to do', (code, missing, reason, hint) => {
    const trouble = troubleOf('/a', Object.assign(new Error(`${code}: told`), { code }));

    expect(trouble).toMatchObject({ missing, reason });
    expect(trouble.hint).toContain(hint);
  });

  it('escapes the path and what the system says of it', () => {
    const { reason } = troubleOf('/a\u001b[2J', new Error('open /a\u001b[2J'));

    expect(reason).toBe('/a\\x1b[2J cannot be read: open /a\\x1b[2J');
  });
});
