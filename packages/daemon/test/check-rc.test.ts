import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRc } from '../src/check-rc.ts';
import { knownPrograms } from '../src/neighbours/known-programs.ts';
import { tempFolder } from './support/temp-folder.ts';

async function check(text: string) {
  const folder = tempFolder();
  const rc = join(folder, 'remand.yaml');
  writeFileSync(rc, text.replaceAll('FOLDER', folder));
  return { folder, report: await checkRc({ rc }) };
}

describe(checkRc.name, () => {
  it('shows values with where each comes from, and who shares which list', async () => {
    const { folder, report } = await check(`version: 1
defaults: { maxRetry: 5, actions: [observe] }
jails:
  sshd: { filter: sshd, sources: [FOLDER/remand.yaml], findTime: 5m }
`);

    expect(report.problems).toEqual([]);
    expect(report.warnings).toEqual([]);
    expect(report.files).toEqual([join(folder, 'remand.yaml')]);
    expect(report.values).toContainEqual({
      path: 'jails.sshd.findTime',
      value: '5m',
      origin: expect.stringMatching(/remand\.yaml:4$/),
    });
    expect(report.values).toContainEqual({
      path: 'jails.sshd.maxRetry',
      value: '5',
      origin: expect.stringMatching(/^defaults of .*remand\.yaml:2$/),
    });
    expect(report.lists.flatMap(({ holders }) => holders)).toContain('sshd');
  });

  it('warns of what is right and will still come as a surprise', async () => {
    const { folder, report } = await check(`version: 1
jails:
  sshd: { filter: sshd, sources: [FOLDER/none.log, FOLDER/*.log], banTime: 1m, actions: [observe], observe: true }
escalation: [{ name: again, after: 2, within: 1h, banTime: 1m }]
`);

    expect(report.problems).toEqual([]);
    expect(report.warnings).toEqual([
      'jail sshd only observes: it touches no firewall',
      'jail sshd bans for 1m, less than its findTime of 10m',
      `jail sshd reads ${folder}/none.log, which does not exist now; it is waited for`,
      'rung again bans for 1m, no longer than jail sshd does (1m)',
    ]);
  });

  it('says of other programs that block whether their entries and ours can meet', async () => {
    const rc = join(tempFolder(), 'remand.yaml');
    writeFileSync(
      rc,
      `version: 1
jails:
  again: { filter: sshd, sources: [/var/log/fail2ban.log], actions: [observe] }
`,
    );
    const [known] = knownPrograms;
    if (!known) throw new Error('there are no known programs');
    const one = {
      known,
      state: 'running',
      blocks: true,
      pid: 8,
      foundBy: [],
      keepsIn: '',
    } as const;

    const { neighbours, problems } = await checkRc({ rc }, async () => ({
      found: [one],
      unseen: ['the rest'],
    }));

    expect(problems).toEqual([]);
    expect(neighbours).toMatchObject({
      found: [{ program: 'fail2ban', pid: 8, meetsIn: [], readBy: ['again'] }],
      unseen: ['the rest'],
    });
    expect(neighbours.found[0]?.summary).toMatch(/their entries cannot meet/);
  });

  it('checks the options of plugins also where something else is wrong', async () => {
    const { report } = await check(`version: 1
defaults:
  actions: [nftables, { nftables: { block: maybe } }, [observe]]
jails:
  sshd:
    filter: { sshd: { mode: agressive } }
    sources: [/var/log/auth.log, { file: { path: [/x] } }, 5]
    actions: [{ nftables: { prots: [22] } }]
    maxRetry: three
  web: { filter: sshd, sources: [nowhere], actions: [observe], findTime: soon }
  off: { enabled: false, filter: { sshd: { mode: agressive } }, sources: [x], maxRetry: three }
  BAD: { filter: { sshd: { mode: x } }, sources: [/x], actions: [observe] }
notifiers: [{ log: { x: 1 } }, '']
`);

    expect(report.problems.map(({ path }) => path)).toEqual([
      'defaults.actions[1].nftables.block',
      'defaults.actions[2]',
      'jails.sshd.filter.sshd.mode',
      'jails.sshd.sources[1].file.paths',
      'jails.sshd.sources[1].file',
      'jails.sshd.sources[2]',
      'jails.sshd.actions[0].nftables',
      'jails.sshd.maxRetry',
      'jails.web.sources[0]',
      'jails.web.findTime',
      'jails.off.maxRetry',
      'jails.BAD',
      'jails.BAD.filter.sshd.mode',
      'notifiers[0].log',
      'notifiers[1]',
    ]);
  });

  it('tells of a mistake in the defaults once, however many jails have them', async () => {
    const { report } = await check(`version: 1
defaults: { actions: [{ nftables: { block: maybe } }] }
jails:
  a: { filter: sshd, sources: [/x] }
  b: { filter: sshd, sources: [/x] }
`);

    expect(report.problems.map(({ path }) => path)).toEqual(['defaults.actions[0].nftables.block']);
  });

  it('finds the mistakes of the file and of its plugins, in the order of the file', async () => {
    const { report } = await check(`version: 1
plugins: [./none.mjs]
defaults: { maxRetry: three, actions: [observe] }
jails:
  sshd: { filter: shsd, sources: [/var/log/auth.log] }
nonsense: 1
`);

    expect(report.problems.map(({ path }) => path)).toEqual([
      'plugins[0]',
      'defaults.maxRetry',
      'jails.sshd.filter',
      'nonsense',
    ]);
    expect(report.problems[2]).toMatchObject({ hint: 'did you mean "sshd"?' });
    expect(report.problems[2]?.place).toMatch(/remand\.yaml:5:\d+$/);
  });

  it('starts a relative log at the folder of the file, also in a jail with a mistake', async () => {
    const { report } = await check(`version: 1
jails:
  sshd: { filter: sshd, sources: [./auth.log], actions: [observe], findtime: 10m }
`);

    expect(report.problems.map(({ path }) => path)).toEqual(['jails.sshd.findtime']);
  });

  it('refuses a plugin whose patterns are not proven', async () => {
    const plugin = join(tempFolder(), 'door.mjs');
    writeFileSync(
      plugin,
      `import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
const template = 'locked {user:text} from {address}: {reason:rest}';
export default definePlugin({
  kind: 'filter', name: 'door', apiVersion: 1, summary: 'One file.',
  options: z.strictObject({}), inject: [],
  create: () => new PatternSet({ patterns: [{ id: 'locked', template }] }).asFilter(),
});
`,
    );

    const { report } = await check(`version: 1
plugins: [${plugin}]
jails:
  door: { filter: door, sources: [FOLDER/remand.yaml], actions: [observe] }
`);

    expect(report.problems).toMatchObject([
      {
        path: 'jails.door.filter',
        code: 'PLUGIN_CREATE',
        message: expect.stringMatching(/"locked": it has two readings: in "locked .* may be/),
        hint: expect.stringContaining('mend the template'),
      },
    ]);
  });
});
