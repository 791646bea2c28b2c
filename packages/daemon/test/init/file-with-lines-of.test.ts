import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileWithLinesOf } from '../../src/init/file-with-lines-of.ts';
import { tempFolder } from '../support/temp-folder.ts';

const header = 'Nov 25 10:00:00 host';

describe(fileWithLinesOf, () => {
  it('finds the file in which the programs of a filter write', async () => {
    const folder = tempFolder();
    const [auth, mail, web] = ['auth.log', 'mail.log', 'a-error.log'].map((name) =>
      join(folder, name),
    );
    writeFileSync(auth ?? '', `${header} sshd[1]: Server listening on :: port 22.\n`);
    writeFileSync(mail ?? '', `${header} postfix/smtpd[1]: connect from a[192.0.2.1]\n`);
    writeFileSync(web ?? '', '2026/11/25 10:00:00 [notice] 1#1: start worker process 2\n');
    const all = [auth ?? '', mail ?? ''];

    expect(await fileWithLinesOf('sshd', all)).toBe(auth);
    expect(await fileWithLinesOf('postfix', all)).toBe(mail);
    expect(await fileWithLinesOf('dropbear', all)).toBeUndefined();
    expect(await fileWithLinesOf('nginx-http-auth', [join(folder, '*error.log')])).toBe(web);
  });

  it('reads the end of what is large, and nothing of what is no file', async () => {
    const folder = tempFolder();
    const log = join(folder, 'large.log');
    writeFileSync(log, `${`${header} cron[1]: x\n`.repeat(20_000)}${header} sshd[1]: x\n`);
    mkdirSync(join(folder, 'folder.log'));

    expect(await fileWithLinesOf('sshd', [join(folder, 'folder.log'), log])).toBe(log);
    expect(await fileWithLinesOf('sshd', [join(folder, 'none.log')])).toBeUndefined();
  });
});
