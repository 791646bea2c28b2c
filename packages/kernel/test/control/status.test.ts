import { definePlugin } from '@remand/api';
import { anyOptions } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { status } from '../../src/control/status.ts';
import { jail, KernelRig, lineAt, use } from '../kernel-rig.ts';

const ofSshd = definePlugin({
  kind: 'filter',
  name: 'of-sshd',
  apiVersion: 1,
  summary: 'Is offered lines of sshd.',
  options: anyOptions,
  inject: [],
  create: () => ({ programs: ['sshd'], match: () => undefined }),
});

const ofAll = definePlugin({
  kind: 'filter',
  name: 'of-all',
  apiVersion: 1,
  summary: 'Is offered all lines.',
  options: anyOptions,
  inject: [],
  create: () => ({ match: () => undefined }),
});

const access = '192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1';
const rubbish = 'nothing\x1b[31m known';
const cron = 'Jan  1 00:00:00 host cron[1]: hello';
const sshd = 'Jan  1 00:00:00 host sshd[1]: hello';
const timeless = 'sshd[1]: hello';

async function after(filter: string, lines: readonly string[], header?: 'none') {
  const rig = new KernelRig();
  const jails = [jail({ name: 'ssh', filter: use(filter) })];
  await rig.start({ jails }, { plugins: [ofSshd, ofAll] });
  await rig.feed.push(lines, header && { header });
  return rig.jail();
}

const many = (line: string, count = 1_000) => Array.from({ length: count }, () => line);

describe(status.name, () => {
  it.each([
    ['of-sshd', access, `is of a program that filter of-sshd knows, such as "${access}"`],
    ['of-sshd', cron, `is of a program that filter of-sshd knows, such as "${cron}"`],
    ['of-sshd', rubbish, 'begins with a time that is known, such as "nothing\\x1b[31m known"'],
    ['of-all', rubbish, 'begins with a time that is known, such as "nothing\\x1b[31m known"'],
    ['of-all', timeless, `begins with a time that is known, such as "${timeless}"`],
  ])('says that %s sees lines but understands none of "%s"', async (filter, line, words) => {
    expect(await after(filter, many(line))).toMatchObject({
      state: 'degraded',
      reason: `sees lines but understands none: none of 1000 ${words}`,
    });
  });

  it.each([
    ['of-sshd', [...many(cron), sshd]],
    ['of-sshd', many(timeless)],
    ['of-sshd', many(cron, 999)],
    ['of-all', many(access)],
    ['of-all', many(lineAt(0, 'hello'))],
  ])('says nothing of that where %s understands one', async (filter, lines) => {
    expect(JSON.stringify(await after(filter, lines))).not.toContain('understands none');
  });

  it('says nothing of that of lines that are said to have no header', async () => {
    expect((await after('of-sshd', many(rubbish), 'none')).state).toBe('ok');
  });
});
