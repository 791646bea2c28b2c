import { notifyDefaults } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { buildRc } from '../src/build-rc.ts';
import { effectiveValues, pathText } from '../src/index.ts';
import { originOf } from '../src/origin-of.ts';
import { built, rendered, validRc, withJail } from './support.ts';

const full = `version: 1
plugins: ["@acme/remand-action-foo", ./my-plugin.mjs, /opt/p]
neverBan: [192.0.2.0/24]
defaults: { findTime: 1h, maxRetry: 5, actions: [nftables] }
jails:
  sshd:
    filter: { sshd: { mode: aggressive } }
    sources: [/var/log/auth.log, ./b.log, journal, { file: { paths: [c] } }]
  web:
    filter: { sshd: }
    sources: [file]
    maxRetry: 2
    banTime: forever
    actions: [{ shorewall: { x: 1 } }]
  off: { enabled: false, filter: x, sources: [y] }
escalation:
  - { name: repeat, after: 3, within: 1w, banTime: 2w, jails: [sshd, off, gone], actions: [route] }
  - { name: ever, after: 3, of: repeat, within: 13w, banTime: forever }
notifiers: [log]
fuse: { bans: 10 }
control: { group: adm }
log: { file: remand.log }
`;

describe(buildRc.name, () => {
  it('resolves a whole configuration', () => {
    const { settings, problems, warnings } = built(full);

    expect(problems).toEqual([]);
    expect(warnings).toEqual([]);
    expect(settings).toEqual({
      looseUses: [],
      kernel: {
        plugins: [
          { specifier: '@acme/remand-action-foo', path: ['plugins', 0] },
          { specifier: '/etc/remand/my-plugin.mjs', path: ['plugins', 1] },
          { specifier: '/opt/p', path: ['plugins', 2] },
        ],
        neverBan: ['192.0.2.0/24'],
        defaultActions: [{ name: 'nftables', options: {}, path: ['defaults', 'actions', 0] }],
        defaultBanTimeMs: 600_000,
        jails: [
          {
            name: 'sshd',
            filter: {
              name: 'sshd',
              options: { mode: 'aggressive' },
              path: ['jails', 'sshd', 'filter'],
            },
            sources: [
              {
                name: 'file',
                options: { paths: ['/var/log/auth.log'] },
                path: ['jails', 'sshd', 'sources', 0],
              },
              {
                name: 'file',
                options: { paths: ['/etc/remand/b.log'] },
                path: ['jails', 'sshd', 'sources', 1],
              },
              { name: 'journal', options: {}, path: ['jails', 'sshd', 'sources', 2] },
              { name: 'file', options: { paths: ['c'] }, path: ['jails', 'sshd', 'sources', 3] },
            ],
            actions: [{ name: 'nftables', options: {}, path: ['defaults', 'actions', 0] }],
            findTimeMs: 3_600_000,
            maxRetry: 5,
            banTimeMs: 600_000,
            observe: false,
            path: ['jails', 'sshd'],
          },
          {
            name: 'web',
            filter: { name: 'sshd', options: {}, path: ['jails', 'web', 'filter'] },
            sources: [{ name: 'file', options: {}, path: ['jails', 'web', 'sources', 0] }],
            actions: [
              { name: 'shorewall', options: { x: 1 }, path: ['jails', 'web', 'actions', 0] },
            ],
            findTimeMs: 3_600_000,
            maxRetry: 2,
            banTimeMs: null,
            observe: false,
            path: ['jails', 'web'],
          },
        ],
        escalation: [
          {
            ...{ name: 'repeat', after: 3, withinMs: 604_800_000, banTimeMs: 1_209_600_000 },
            actions: [{ name: 'route', options: {}, path: ['escalation', 0, 'actions', 0] }],
            // That one is switched off; what does not exist is for the kernel to refuse.
            jails: ['sshd', 'gone'],
            path: ['escalation', 0],
          },
          {
            ...{ name: 'ever', after: 3, withinMs: 13 * 604_800_000, banTimeMs: null },
            of: 'repeat',
            path: ['escalation', 1],
          },
        ],
        notifiers: [{ name: 'log', options: {}, path: ['notifiers', 0] }],
        notify: notifyDefaults,
        fuse: { bans: 10, withinMs: 60_000 },
        observe: false,
        maxLineBytes: 16_384,
        maxTracked: 100_000,
      },
      state: { path: '/var/lib/remand' },
      control: { socket: '/run/remand/control.sock', group: 'adm' },
      log: { level: 'info', format: 'text', file: '/etc/remand/remand.log' },
    });
  });

  it('has built-in defaults for everything but what a jail is', () => {
    expect(built(validRc).settings?.kernel.jails[0]).toMatchObject({
      findTimeMs: 600_000,
      maxRetry: 3,
      banTimeMs: 600_000,
      actions: [],
      observe: true,
    });
  });

  it('reports every mistake at once and keeps the jails that are right', () => {
    const rc = built(`${full}  level: loud\n`.replace('maxRetry: 2', 'maxRetry: x'));
    const both = built(full.replace('maxRetry: 2', 'maxRetry: x').replace('bans: 10', 'bans: x'));

    expect(rendered(rc)).toHaveLength(1);
    expect(rendered(both).map((line) => line.split('  ')[0])).toEqual([
      'remand.yaml:12:15',
      'remand.yaml:20:15',
    ]);
    expect(both.settings?.kernel.jails.map((jail) => jail.name)).toEqual(['sshd']);
    expect(both.settings?.kernel.fuse.bans).toBe(20_000);
  });

  it('reports wrong actions of the defaults once, not for each jail', () => {
    expect(rendered(built(full.replace('[nftables]', '[NFT]')))).toHaveLength(1);
    expect(rendered(built(full.replace('maxRetry: 5', 'maxRetry: x')))).toHaveLength(1);
  });

  it('says only that the version is another one', () => {
    const rc = built('version: 2\njails: 7\n');

    expect(rendered(rc)).toEqual([
      'remand.yaml:1:10  version: got 2, wanted 1, the version that this remand reads (use the remand that this file was written for)',
    ]);
    expect(rc.settings).toBeUndefined();
  });

  it.each([
    ['', '1:1  version: is missing, wanted the number 1'],
    ['# nothing\n', '1:1  version: is missing, wanted the number 1'],
    [
      'version: "1"',
      '1:10  version: got "1", wanted the number 1 (write numbers without quotes, in plain digits)',
    ],
    ['- 1', '1:1  got a list of 1, wanted a map that begins with version: 1'],
    ['just text', '1:1  got "just text", wanted a map that begins with version: 1'],
  ])('explains the whole file "%s"', (text, problem) => {
    expect(rendered(built(text))).toEqual([`remand.yaml:${problem}`]);
  });

  it('needs no action when everything only observes', () => {
    const text = 'version: 1\njails: { a: { filter: x, sources: [y] } }';

    expect(built(text).problems).toHaveLength(1);
    expect(built(text, {}, true).problems).toEqual([]);
    expect(built(text, {}, true).settings?.kernel.observe).toBe(true);
  });

  it('never bans a trusted proxy, and trusts no name', () => {
    const { kernel } =
      built('version: 1\nneverBan: [192.0.2.1]\ntrustedProxies: [10.0.0.0/8]').settings ?? {};

    expect(kernel?.trustedProxies).toEqual(['10.0.0.0/8']);
    expect(kernel?.neverBan).toEqual(['192.0.2.1', '10.0.0.0/8']);
    expect(built('version: 1\ntrustedProxies: [proxy.example.org]').problems).toMatchObject([
      { path: ['trustedProxies', 0], message: expect.stringContaining('an address, or a range') },
    ]);
  });

  it('warns when nothing is read, and when nobody can be banned', () => {
    expect(built('version: 1\nneverBan: [0.0.0.0/0]').warnings).toEqual([
      'no jail is in use: nothing is read',
      'neverBan: 0.0.0.0/0 holds every address: none of them will be banned',
    ]);
  });

  it('cuts a flood of mistakes and says how many more there are', () => {
    const keys = Array.from({ length: 500 }, (_, index) => `key${index}: 1`).join('\n');

    const { problems } = built(`version: 1\n${keys}`);

    expect(problems).toHaveLength(201);
    expect(problems.map((problem) => problem.message)).toContain('… and 300 more mistakes');
  });
});

describe('drop-ins', () => {
  const jail = 'filter: x, sources: [y], observe: true';

  it('are merged into the jails of the main file', () => {
    const rc = built(validRc, { 'a.yaml': `jails: { web: { ${jail} } }`, 'b.yaml': '' });

    expect(rc.problems).toEqual([]);
    expect(rc.settings?.kernel.jails.map(({ name }) => name)).toEqual(['sshd', 'web']);
    expect(rc.locate(['jails', 'web', 'filter'])).toMatchObject({ file: 'a.yaml', line: 1 });
    expect(originOf(['jails', 'web', 'filter'], rc)).toBe('a.yaml:1');
  });

  it('cannot define a jail twice, nor hold anything but jails', () => {
    const rc = built(validRc, {
      'a.yaml': `jails: { web: { ${jail} }, sshd: { ${jail} } }`,
      'b.yaml': `version: 3\njails:\n  web: { ${jail} }\nlog: { level: info }`,
      'c.yaml': '[1]',
      'd.yaml': 'jails: 3',
      'e.yaml': 'jails: {',
    });

    expect(rendered(rc)).toEqual([
      'a.yaml:1:59  jails.sshd: this jail is defined twice, first in remand.yaml:3:3 (rename or remove one of them)',
      'b.yaml:1:10  version: got 3, wanted 1, the version that this remand reads (use the remand that this file was written for)',
      'b.yaml:3:3  jails.web: this jail is defined twice, first in a.yaml:1:10 (rename or remove one of them)',
      'b.yaml:4:1  log: "log" does not belong in a drop-in, which holds jails alone (move it to the main file)',
      'c.yaml:1:1  got a list of 1, wanted a map with jails',
      'd.yaml:1:8  jails: got 3, wanted a map of jails by name',
      expect.stringMatching(/^e\.yaml:1:9 {2}flow map/),
    ]);
  });

  it('explains a mistake in a drop-in with its place there', () => {
    const rc = built(validRc, { 'a.yaml': `\njails:\n  web: { ${jail}, maxRetry: x }` });

    expect(rendered(rc)).toEqual([
      'a.yaml:3:60  jails.web.maxRetry: got "x", wanted a whole number from 1 to 1000, or a map such as { first: 3, known: 1, within: 30d }',
    ]);
  });
});

describe('locate', () => {
  const rc = built(full);

  it.each([
    [['jails', 'sshd', 'filter', 'sshd', 'mode'], 'value', '7:29'],
    [['jails', 'sshd', 'filter', 'sshd', 'mode'], 'key', '7:23'],
    [['jails', 'sshd', 'filter', 'sshd', 'other'], 'value', '7:15'],
    [['jails', 'sshd', 'sources', 0, 'file', 'paths'], 'value', '8:15'],
    [['jails', 'sshd', 'sources', 2, 'journal', 'x', 'y'], 'key', '8:43'],
    [['jails', 'sshd', 'sources', 9], 'value', '8:5'],
    [['jails', 'web', 'filter', 'sshd'], 'value', '10:21'],
    [['jails', 'nowhere'], 'value', '5:1'],
    [['defaults', 'actions', 0, 'nftables', 'hook'], 'value', '4:50'],
    [['nowhere'], 'value', '1:1'],
    [[], 'value', '1:1'],
  ] as const)('finds %j (%s) at %s', (path, at, place) => {
    const found = rc.locate(path, at);

    expect(`${found?.line}:${found?.column}`).toBe(place);
  });

  it('follows aliases', () => {
    const aliased = built('version: 1\nx: &x { a: [1, 2] }\ny: *x\n');

    expect(aliased.locate(['y', 'a', 1])).toMatchObject({ line: 2, column: 16 });
    expect(aliased.locate(['y'])).toMatchObject({ line: 3, column: 4 });
  });
});

describe('a banTime that grows', () => {
  const jailOf = (banTime: string) =>
    built(withJail(`banTime: ${banTime}`)).settings?.kernel.jails[0];

  it.each([
    [
      '{ first: 10m, factor: 3, max: 2d, forgetAfter: 8w, jitter: 15% }',
      { factor: 3, maxMs: 172_800_000, forgetAfterMs: 4_838_400_000, jitter: 0.15 },
    ],
    ['{ first: 10m }', { factor: 2, maxMs: 604_800_000, forgetAfterMs: 2_592_000_000, jitter: 0 }],
  ])('resolves %s', (written, banGrowth) => {
    expect(jailOf(written)).toMatchObject({ banTimeMs: 600_000, banGrowth });
  });

  it('is taken from the defaults, and replaced as a whole', () => {
    const text = `defaults: { banTime: { first: 5m } }\n${withJail()}`;
    expect(built(text).settings?.kernel).toMatchObject({
      defaultBanTimeMs: 300_000,
      jails: [{ banTimeMs: 300_000, banGrowth: { factor: 2 } }],
    });
    const plain = `defaults: { banTime: { first: 5m } }\n${withJail('banTime: 1h')}`;
    expect(built(plain).settings?.kernel.jails[0]).not.toHaveProperty('banGrowth');
  });

  it.each([
    ['{ first: 10m, max: 2h }', '10m, 20m, 40m, 1h 20m, 2h; forgotten after 4w 2d'],
    ['{ first: 10m, factor: 1, jitter: 5% }', '10m; forgotten after 4w 2d; up to 5% longer'],
    [
      '{ first: 1h, factor: 1.01, max: 1w, forgetAfter: 1w }',
      /^1h, .*, … at most 1w; forgotten after 1w$/,
    ],
  ])('shows the ladder of %s', (written, ladder) => {
    const rc = built(withJail(`banTime: ${written}`));
    const rows = effectiveValues({ ...rc, originOf: (path) => originOf(path, rc) });

    const banTime = rows.find(({ path }) => path.join('.') === 'jails.sshd.banTime');
    expect(banTime?.value).toMatch(ladder);
  });
});

describe(effectiveValues.name, () => {
  it('says of each value where it comes from', () => {
    const rc = built(full);
    const rows = effectiveValues({ ...rc, originOf: (path) => originOf(path, rc) });
    const lines = rows.map(({ path, value, origin }) => `${pathText(path)} = ${value}, ${origin}`);

    expect(lines).toEqual(
      expect.arrayContaining([
        'jails.sshd.filter = sshd {"mode":"aggressive"}, remand.yaml:7',
        'jails.sshd.findTime = 1h, defaults of remand.yaml:4',
        'jails.sshd.banTime = 10m, built-in default',
        'jails.sshd.actions = nftables, defaults of remand.yaml:4',
        'jails.web.maxRetry = 2, remand.yaml:12',
        'jails.web.banTime = forever, remand.yaml:13',
        'neverBan = 192.0.2.0/24, remand.yaml:3',
        'fuse.bans = 10, remand.yaml:20',
        'escalation[0].jails = sshd, gone, remand.yaml:17',
        'escalation[0].banTime = 2w, remand.yaml:17',
        'escalation[0].actions = route, remand.yaml:17',
        'escalation[1].of = repeat, remand.yaml:18',
        'escalation[1].actions = the lists of the jail whose ban fires it, built-in default',
        'fuse.within = 1m, built-in default',
        'state.path = /var/lib/remand, built-in default',
        'log.file = /etc/remand/remand.log, remand.yaml:22',
      ]),
    );
    expect(effectiveValues({ originOf: () => '' })).toEqual([]);
  });

  it('knows where an inherited item stands', () => {
    const rc = built(`${validRc}\ndefaults:\n  actions:\n    - a\n    - b\n`);

    expect(originOf(['jails', 'sshd', 'actions', 1], rc)).toBe('defaults of remand.yaml:10');
  });

  it('escapes what a terminal would obey', () => {
    const rc = built(`${validRc}\nstate: { path: "/a\\u001b[2J" }`);
    const rows = effectiveValues({ ...rc, originOf: () => '' });

    expect(rows.find(({ path }) => path.includes('state'))?.value).toBe('/a\\x1b[2J');
  });
});
