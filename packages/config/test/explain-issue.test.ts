import { noticeKinds } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { explainIssues } from '../src/explain-issue.ts';
import { built, rendered, withJail } from './support.ts';

const plugin = 'the name of a plugin, or { name: {options} } with exactly one key';
const source = `a path that begins with / or ., or ${plugin}`;
const finite = "a duration such as '90s', '10m', '1h', '1d', '1w', or whole seconds";
const endless =
  "a duration such as '90s', '10m', '1h', '1d', '1w', 'forever', or whole seconds, or a map such as { first: 10m, factor: 2, max: 1w, forgetAfter: 30d, jitter: 10% }";
const digits = '(write numbers without quotes, in plain digits)';

describe(explainIssues.name, () => {
  it.each([
    [
      'maxRetry: three',
      '7:15  jails.sshd.maxRetry: got "three", wanted a whole number from 1 to 1000, or a map such as { first: 3, known: 1, within: 30d }',
    ],
    ['maxRetry: 0', '7:15  jails.sshd.maxRetry: got 0, wanted a whole number from 1 to 1000'],
    ['maxRetry: 1001', '7:15  jails.sshd.maxRetry: got 1001, wanted a whole number from 1 to 1000'],
    [
      'maxRetry: 100000000000000000000',
      '7:15  jails.sshd.maxRetry: got 100000000000000000000, wanted a whole number from 1 to 1000',
    ],
    [
      'maxRetry: 1.5',
      '7:15  jails.sshd.maxRetry: got 1.5, wanted a whole number from 1 to 1000, or a map such as { first: 3, known: 1, within: 30d }',
    ],
    [
      'maxRetry: "3"',
      `7:15  jails.sshd.maxRetry: got "3", wanted a whole number from 1 to 1000, or a map such as { first: 3, known: 1, within: 30d } ${digits}`,
    ],
    [
      'maxRetry: 3.0',
      `7:15  jails.sshd.maxRetry: got "3.0", wanted a whole number from 1 to 1000, or a map such as { first: 3, known: 1, within: 30d } ${digits}`,
    ],
    [
      'maxRetry:',
      '7:14  jails.sshd.maxRetry: got nothing, wanted a whole number from 1 to 1000, or a map such as { first: 3, known: 1, within: 30d }',
    ],
    ['findTime: 1_000', `7:15  jails.sshd.findTime: got "1_000", wanted ${finite} ${digits}`],
    ['findTime: 010', `7:15  jails.sshd.findTime: got "010", wanted ${finite} ${digits}`],
    ['findTime: 0x10', `7:15  jails.sshd.findTime: got "0x10", wanted ${finite} ${digits}`],
    ['findTime: "600"', `7:15  jails.sshd.findTime: got "600", wanted ${finite} ${digits}`],
    ['findTime: forever', `7:15  jails.sshd.findTime: got "forever", wanted ${finite}`],
    ['banTime: 1e3', `7:14  jails.sshd.banTime: got "1e3", wanted ${endless} ${digits}`],
    ['banTime: -5', `7:14  jails.sshd.banTime: got -5, wanted ${endless}`],
    ['banTime: 10 m', `7:14  jails.sshd.banTime: got "10 m", wanted ${endless}`],
    ['banTime: [1h]', `7:14  jails.sshd.banTime: got a list of 1, wanted ${endless}`],
    ['enabled: no', '7:14  jails.sshd.enabled: got "no", wanted true or false'],
    [
      'actions: nftables',
      '7:14  jails.sshd.actions: got "nftables", wanted a list of actions (write it as a list: [nftables])',
    ],
    ['actions: [Nft]', `7:15  jails.sshd.actions[0]: got "Nft", wanted ${plugin}`],
    ['actions: [/etc/x]', `7:15  jails.sshd.actions[0]: got "/etc/x", wanted ${plugin}`],
    ['actions: [{}]', `7:15  jails.sshd.actions[0]: got an empty map, wanted ${plugin}`],
    [
      'actions: [{ a: {}, b: 1 }]',
      `7:15  jails.sshd.actions[0]: got a map of a, b, wanted ${plugin} (indent the options of a under its name)`,
    ],
    ['maxretry: 3', '7:5  jails.sshd.maxretry: unknown key "maxretry" (did you mean "maxRetry"?)'],
    ['bantime: 3', '7:5  jails.sshd.bantime: unknown key "bantime" (did you mean "banTime"?)'],
    ['logpath: 3', '7:5  jails.sshd.logpath: unknown key "logpath" (did you mean "sources"?)'],
    [
      'constructor: 3',
      '7:5  jails.sshd.constructor: unknown key "constructor" (known here: enabled, observe, filter, sources, findTime, maxRetry, banTime, actions)',
    ],
    [
      'banTime: { first: 10m, facter: 2 }',
      '7:28  jails.sshd.banTime.facter: unknown key "facter" (did you mean "factor"?)',
    ],
    ['__proto__: { x: 1 }', '7:5  jails.sshd.__proto__: this key is not allowed anywhere'],
    ['observe: true', '7:5  jails.sshd.observe: the key "observe" is given twice'],
  ])('explains "%s"', (line, problem) => {
    expect(rendered(built(withJail(line)))).toEqual([`remand.yaml:${problem}`]);
  });

  it.each([
    [
      'jails: { a: { sources: [x], observe: true } }',
      `2:10  jails.a.filter: is missing, wanted ${plugin}`,
    ],
    [
      'jails: { a: { observe: true } }',
      '2:10  jails.a.filter: is missing, wanted the name of a plugin, or { name: {options} } with exactly one key',
    ],
    [
      'jails: { a: { filter: x, sources: [], observe: true } }',
      '2:35  jails.a.sources: got an empty list, wanted a list of at least one source',
    ],
    [
      'jails: { a: { filter: x, sources: [A B], observe: true } }',
      `2:36  jails.a.sources[0]: got "A B", wanted ${source}`,
    ],
    [
      'jails: { a: }',
      '2:13  jails.a: got nothing, wanted a map with filter, sources and the settings of a jail',
    ],
    ['jails: []', '2:8  jails: got an empty list, wanted a map of jails by name'],
    [
      'jails: { SSH: 1 }',
      '2:10  jails.SSH: got "SSH", wanted a name of 1 to 20 of the characters a-z, 0-9 and -',
    ],
    [
      'jails: { admin: 1 }',
      '2:10  jails.admin: got "admin", wanted another name: admin, network, recovered are remand’s own',
    ],
    [
      'jails: { a: { filter: x, sources: [x] } }',
      '2:10  jails.a: has no actions, so that nothing would be blocked (give it actions, give defaults.actions, or say observe: true)',
    ],
    [
      'log: { level: inf }',
      '2:15  log.level: got "inf", wanted error, warn, info or debug (did you mean "info"?)',
    ],
    [
      'plugins: ["http://x"]',
      '2:11  plugins[0]: got "http://x", wanted the name of a package, or a path that begins with ./ or /',
    ],
    [
      'notify: { digest: hourly }',
      '2:19  notify.digest: got "hourly", wanted daily, weekly or off',
    ],
    [
      'notify: { digestAt: 7:00 }',
      '2:21  notify.digestAt: got "7:00", wanted a time of the day such as "07:00"',
    ],
    [
      'notify: { leaveOut: [bans] }',
      `2:22  notify.leaveOut[0]: got "bans", wanted one of ${noticeKinds.join(', ')} (did you mean "ban"?)`,
    ],
    ['fuse: { within: forever }', `2:17  fuse.within: got "forever", wanted ${finite}`],
    ['maxLine: 100', '2:10  maxLine: got 100, wanted a whole number from 1024 to 1048576'],
    ['ignoreip: [x]', '2:1  ignoreip: unknown key "ignoreip" (did you mean "neverBan"?)'],
    [
      '$import: x.yaml',
      '2:1  $import: other files cannot be imported (put jails into files in jails.d beside the main file)',
    ],
    ['escalation: 3', '2:13  escalation: got 3, wanted a list of rungs'],
    [
      'escalation: [{ name: x, after: 0, within: forever, banTime: 1w, actions: [] }]',
      '2:32  escalation[0].after: got 0, wanted a whole number from 1 to 1000',
      `2:43  escalation[0].within: got "forever", wanted ${finite}`,
      '2:74  escalation[0].actions: got an empty list, wanted a list of at least one action',
    ],
    [
      'escalation: [{ name: admin, after: 2, within: 1h, banTime: 1w, jals: [x] }]',
      '2:22  escalation[0].name: got "admin", wanted another name: admin, network, recovered are remand’s own',
      '2:64  escalation[0].jals: unknown key "jals" (did you mean "jails"?)',
    ],
    ['state: /var', '2:8  state: got "/var", wanted a map with path'],
    ['state: { path: "" }', '2:16  state.path: got "", wanted a path'],
    [
      `control: { socket: /${'x'.repeat(120)} }`,
      '2:20  control.socket: the path of the socket is longer than 103 bytes, which sockets do not allow (name a shorter one)',
    ],
    [
      '"a\\u001b[31m": 1',
      '2:1  "a\\x1b[31m": unknown key "a\\x1b[31m" (known here: version, plugins, neverBan, trustedProxies, defaults, filters, jails, escalation, network, notifiers, notify, fuse, maxLine, maxTracked, state, control, log, $schema)',
    ],
  ])('explains "%s" at the root', (line, ...problems) => {
    const expected = problems.map((problem) => `remand.yaml:${problem}`);
    expect(rendered(built(`version: 1\n${line}\n`))).toEqual(expected);
  });

  it.each([
    '192.0.2.300',
    '192.0.2.0/33',
    '2001:db8::/129',
    'fe80::1%eth0',
    'a..b',
    '-a',
    '1.5',
    '',
  ])('refuses to never ban "%s"', (entry) => {
    expect(built(`version: 1\nneverBan: ["${entry}"]`).problems).toMatchObject([
      { path: ['neverBan', 0], message: expect.stringContaining('wanted an address, a range') },
    ]);
  });

  it.each(['192.0.2.1', '192.0.2.0/24', '::1', '2001:db8::/32', 'office.example.org', 'localhost'])(
    'lets "%s" never be banned',
    (entry) => {
      expect(built(`version: 1\nneverBan: ["${entry}"]`).problems).toEqual([]);
    },
  );
});
