import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groupId } from '../../src/control/group-id.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe(groupId.name, () => {
  it('finds a group by its name, and takes a number as it is', async () => {
    const file = join(tempFolder(), 'group');
    writeFileSync(file, 'root:x:0:\nadm:x:4:syslog\n');

    expect(await groupId('adm', file)).toBe(4);
    expect(await groupId('27', file)).toBe(27);
    expect(await groupId(28, file)).toBe(28);
    await expect(groupId('ad', file)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
