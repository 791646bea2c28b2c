import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginPhase } from '@remand/api';
import { describe, expect, it } from 'vitest';
import {
  FakeClock,
  LogFeed,
  memoryAction,
  recordingNotifier,
  scriptedFilter,
  verifyPlugin,
} from '../src/index.ts';

const folder = join(import.meta.dirname, '../../../test/fixtures/plugins');
const fixture = (name: string) => join(folder, `${name}.mjs`);

interface Expected {
  readonly code: string;
  readonly phase: PluginPhase;
  readonly message: RegExp;
  readonly hint: RegExp;
}

/** What the author of each fixture is told, and nothing else. */
const expected: Readonly<Record<string, Expected>> = {
  'throws-on-import': {
    code: 'PLUGIN_LOAD',
    phase: 'load',
    message: /throws-on-import\.mjs cannot be loaded: no configuration here/,
    hint: /importing a plugin must do nothing/,
  },
  'exports-nothing': {
    code: 'PLUGIN_INVALID',
    phase: 'load',
    message: /exports no plugin/,
    hint: /export default definePlugin/,
  },
  'wrong-api-version': {
    code: 'PLUGIN_API_VERSION',
    phase: 'load',
    message: /"from-the-future" was built for version 2 .* has version 1/,
    hint: /update remand, or install a version of the plugin that was built for 1/,
  },
  'throws-in-create': {
    code: 'PLUGIN_CREATE',
    phase: 'create',
    message: /action .* cannot be created: no firewall here/,
    hint: /belongs into start/,
  },
  'throws-in-start': {
    code: 'PLUGIN_START',
    phase: 'start',
    message: /start threw: no journal here/,
    hint: /throw a CommandError, and start is tried again/,
  },
  'throws-in-match': {
    code: 'PLUGIN_CALL',
    phase: 'work',
    message: /match threw: nothing in \d+ characters/,
    hint: /a mistake in the plugin/,
  },
  'slow-in-match': {
    code: 'PLUGIN_TIMEOUT',
    phase: 'work',
    message: /match kept the thread busy for \d+ ms/,
    hint: /anchor the pattern at both ends/,
  },
  'throws-in-apply': {
    code: 'PLUGIN_CALL',
    phase: 'work',
    message: /apply threw: target is not a function/,
    hint: /throw a CommandError/,
  },
  'throws-in-deliver': {
    code: 'PLUGIN_CALL',
    phase: 'work',
    message: /deliver threw: .*recipients|deliver threw: Cannot read/,
    hint: /throw a CommandError/,
  },
  'throws-in-stop': {
    code: 'PLUGIN_STOP',
    phase: 'stop',
    message: /stop threw: already closed/,
    hint: /stop must not throw/,
  },
  'throws-in-dispose': {
    code: 'PLUGIN_STOP',
    phase: 'dispose',
    message: /dispose threw: nothing to close/,
    hint: /dispose must not throw/,
  },
  'hangs-in-start': hanging('start', 'start'),
  'hangs-in-apply': hanging('apply', 'work'),
  'hangs-in-deliver': hanging('deliver', 'work'),
  'hangs-in-stop': hanging('stop', 'stop'),
  'leaks-timer': {
    code: 'PLUGIN_LEAK',
    phase: 'dispose',
    message: /left a timer at work, begun at .*leaks-timer\.mjs:\d+/,
    hint: /ends all that create and start began/,
  },
  'leaks-clock-timer': {
    code: 'PLUGIN_LEAK',
    phase: 'dispose',
    message: /left a timer of the clock at work, begun at .*leaks-clock-timer\.mjs:\d+/,
    hint: /ends all that create and start began/,
  },
  'calls-back-late': {
    code: 'PLUGIN_LATE',
    phase: 'stop',
    message: /called feed\.push after its stop had resolved/,
    hint: /must end all work before it resolves/,
  },
  'mutates-options': mutating('create', 'create'),
  'mutates-changes': mutating('apply', 'work'),
  'mutates-notices': mutating('deliver', 'work'),
  'returns-nonsense': {
    code: 'PLUGIN_CALL',
    phase: 'work',
    message: /match returned something else than \{ address \} or undefined/,
    hint: /what this method promises/,
  },
};

function hanging(method: string, phase: PluginPhase): Expected {
  const message = new RegExp(`${method} did not end within 50 ms`);
  return { code: 'PLUGIN_TIMEOUT', phase, message, hint: /as soon as the signal aborts/ };
}

function mutating(method: string, phase: PluginPhase): Expected {
  const message = new RegExp(`changed what ${method} was given`);
  return { code: 'PLUGIN_MUTATION', phase, message, hint: /copy what you want to change/ };
}

describe(verifyPlugin.name, () => {
  it.each(Object.entries(expected))('tells the author of %s what to do', async (name, wanted) => {
    const { code, phase, message, hint } = wanted;

    const findings = await verifyPlugin({ module: fixture(name), patienceMs: 50 });

    expect(findings).toEqual([
      {
        plugin: expect.any(String),
        code,
        phase,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      },
    ]);
  });

  it('tells of two that share a name', async () => {
    const findings = await verifyPlugin({
      module: fixture('same-name-other'),
      beside: [fixture('same-name-one')],
    });

    expect(findings).toMatchObject([
      {
        code: 'PLUGIN_DUPLICATE',
        message: expect.stringMatching(/"twin" of .*other\.mjs has the name of one of .*one\.mjs/),
        hint: expect.stringMatching(/list only one of the two/),
      },
    ]);
  });

  it('tells of a module that is not there', async () => {
    expect(await verifyPlugin({ module: fixture('gone') })).toMatchObject([
      { code: 'PLUGIN_NOT_FOUND', hint: 'install the package, build it, or correct the path' },
    ]);
  });

  it('knows every fixture', () => {
    const names = readdirSync(folder)
      .map((name) => name.replace('.mjs', ''))
      .filter((name) => name !== 'support' && !name.startsWith('same-name'));

    expect(names.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each([
    ['source', new LogFeed().plugin],
    ['filter', scriptedFilter()],
    ['action', memoryAction({ clock: new FakeClock() }).plugin],
    ['notifier', recordingNotifier().plugin],
  ])('finds nothing wrong with the %s of the testkit', async (_kind, plugin) => {
    expect(await verifyPlugin({ module: plugin })).toEqual([]);
  });
});
