import { appendFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

const folder = join(import.meta.dirname, '../fixtures/plugins');
const fixture = (name: string) => join(folder, `${name}.mjs`);

/** Fixtures that a start refuses, each with the code and the sentence that say why. */
const refused: readonly (readonly [names: readonly string[], says: RegExp])[] = [
  [['throws-on-import'], /cannot be loaded: no configuration here.*\[PLUGIN_LOAD\]/],
  [['exports-nothing'], /exports no plugin.*\[PLUGIN_INVALID\]/],
  [['wrong-api-version'], /was built for version 2 .*has version 1.*\[PLUGIN_API_VERSION\]/],
  [['same-name-one', 'same-name-other'], /has the name of one of .*\[PLUGIN_DUPLICATE\]/],
  [['throws-in-create'], /cannot be created: no firewall here.*\[PLUGIN_CREATE\]/],
  [['mutates-options'], /cannot be created: .*not extensible.*\[PLUGIN_CREATE\]/],
  [['gone'], /cannot be loaded: .*\[PLUGIN_NOT_FOUND\]/],
];

/** All others have a kind that their names tell. */
const survived = {
  source: ['throws-in-start', 'throws-in-stop', 'hangs-in-stop', 'leaks-timer', 'calls-back-late'],
  filter: ['throws-in-match', 'returns-nonsense', 'slow-in-match'],
  action: ['throws-in-apply', 'hangs-in-start', 'hangs-in-apply', 'mutates-changes'],
  notifier: [
    'throws-in-deliver',
    'throws-in-dispose',
    'hangs-in-deliver',
    'leaks-clock-timer',
    'mutates-notices',
  ],
};

describe('a daemon with plugins that are broken', () => {
  let daemon: Daemon;
  beforeEach(() => {
    daemon = new Daemon();
  });
  afterEach(() => daemon.remove());

  const list = (names: readonly string[]) => `plugins: [${names.map(fixture).join(', ')}]`;
  const healthy = '  healthy: { filter: sshd, sources: [LOG], actions: [observe] }';

  it.each(refused)('refuses to start with %s, and says which and why', async (names, says) => {
    const [name = ''] = names;
    const use = ['throws-in-create', 'mutates-options'].includes(name);
    const place = name === 'throws-in-create' ? 'actions' : 'filter';
    const its = { filter: 'sshd', actions: '[observe]' };
    const [filter, actions] = use
      ? [place === 'filter' ? name : its.filter, place === 'actions' ? `[${name}]` : its.actions]
      : [its.filter, its.actions];
    daemon.configure(
      `  one: { filter: ${filter}, sources: [LOG], actions: ${actions} }`,
      list(names),
    );

    const { code, stderr } = await daemon.cli('run');

    expect(stderr.replaceAll('\n', ' ')).toMatch(says);
    expect(stderr).toContain(daemon.rc);
    expect(code).toBe(2);
  });

  it('bans with the healthy ones, lets the others go, and ends', async () => {
    const jails = [
      healthy,
      ...survived.source.map((name) => `  ${name}: { filter: sshd, sources: [${name}] }`),
      ...survived.filter.map((name) => `  ${name}: { filter: ${name}, sources: [LOG] }`),
      ...survived.action.map(
        (name) => `  ${name}: { filter: sshd, sources: [LOG], actions: [${name}] }`,
      ),
    ];
    const defaults = 'defaults: { actions: [observe] }';
    const notifiers = `notifiers: [log, ${survived.notifier.join(', ')}]`;
    const all = list(Object.values(survived).flat());
    daemon.configure(jails.join('\n'), [all, defaults, notifiers].join('\n'));
    await daemon.start();

    appendFileSync(daemon.log, failedPassword('198.51.100.1').repeat(3));

    await waitFor('the healthy jail to ban', async () =>
      (await daemon.bans()).some(({ holds }) =>
        holds.some(({ holder, lists }) => holder === 'healthy' && lists[0]?.enforced),
      ),
    );
    await waitFor('the broken ones to be shown', async () => {
      const { jails: shown, lists, notifiers: told } = await daemon.status();
      const degraded = [
        ...shown.map(({ name, state }) => [name, state]),
        ...lists.map(({ list: key, state }) => [key, state]),
        ...told.map(({ name, state }) => [name, state]),
      ].flatMap(([name, state]) => (state === 'degraded' ? [name] : []));
      const wanted = [
        'throws-in-start',
        'throws-in-match',
        'returns-nonsense',
        'throws-in-deliver',
      ];
      return wanted.every((name) => degraded.includes(name));
    });

    daemon.configure(healthy, 'defaults: { actions: [observe] }');
    const reloaded = await daemon.cli('reload');
    expect(reloaded.code).toBe(0);
    appendFileSync(daemon.log, failedPassword('198.51.100.2').repeat(3));
    await daemon.waitForBan('198.51.100.2');
    await waitFor('what came too late to be named', async () =>
      daemon.output.includes('PLUGIN_LATE'),
    );

    expect(daemon.running).toBe(true);
    expect(await daemon.end()).toBe(0);
  });

  it('is tried with every fixture', () => {
    const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
    const tried = [...Object.values(survived).flat(), ...refused.flatMap(([some]) => some)];

    expect(names.map((name) => name.replace('.mjs', ''))).toEqual(
      ['support', ...tried.filter((name) => name !== 'gone')].sort(),
    );
  });
});
