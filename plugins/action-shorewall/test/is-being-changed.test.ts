import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, memoryLogger, RecordingCommandRunner } from '@remand/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBeingChanged } from '../src/is-being-changed.ts';
import { options } from '../src/options.ts';
import { ShorewallAction } from '../src/shorewall-action.ts';

/** Beyond what Linux gives to a process. */
const noPid = 2 ** 22 + 1;

let stateFolder: string;

beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'remand-shorewall-lock-'));
  mkdirSync(join(stateFolder, 'shorewall'));
});

afterEach(() => rmSync(stateFolder, { recursive: true, force: true }));

function lock(content: string): void {
  writeFileSync(join(stateFolder, 'shorewall', 'lock'), content);
}

describe(isBeingChanged, () => {
  it.each([
    ['of a live process', `${process.pid}\n`, true],
    ['of one that is gone', `${noPid}\n`, false],
    ['of nobody', '0\n', false],
    ['that is empty', '', false],
    ['of a process group', '-1\n', false],
    ['with other words', 'x\n', false],
  ])('with a lock %s', (_what, content, isHeld) => {
    lock(content);

    expect(isBeingChanged('shorewall', stateFolder)).toBe(isHeld);
    expect(isBeingChanged('shorewall6', stateFolder)).toBe(false);
  });

  it('is not the case without a lock or a folder', () => {
    expect(isBeingChanged('shorewall', stateFolder)).toBe(false);
    expect(isBeingChanged('shorewall', join(stateFolder, 'none'))).toBe(false);
  });
});

describe('ShorewallAction while shorewall loads its rules', () => {
  const signal = new AbortController().signal;
  const chain = ':shorewall - [0:0]\n:dynamic - [0:0]\n-A dynamic -s 198.51.100.1/32 -j DROP\n';
  const changes = [
    { op: 'remove', target: '198.51.100.1', timeoutMs: null },
    { op: 'add', target: '198.51.100.2', timeoutMs: null },
  ] as const;

  function actionThat(onRestore: () => void) {
    const commands = new RecordingCommandRunner({
      'iptables-save': chain,
      'iptables-restore': () => {
        onRestore();
        return '';
      },
    });
    const action = new ShorewallAction({
      options: options.parse({ families: [4] }),
      commands,
      clock: new FakeClock(),
      logger: memoryLogger(),
      stateFolder,
    });
    return { action, commands };
  }

  it('adds, and puts off what is to be removed', async () => {
    lock(String(process.pid));
    const { action, commands } = actionThat(() => undefined);

    const { refused } = await action.apply(changes, signal);

    expect(refused).toEqual([{ index: 0, reason: expect.stringContaining('loading its rules') }]);
    expect(commands.runs.at(-1)?.input).toBe(
      '*filter\n-A dynamic -s 198.51.100.2/32 -j DROP\nCOMMIT\n',
    );
  });

  it('does not call removed what it removed while shorewall began', async () => {
    const { action } = actionThat(() => lock(String(process.pid)));

    const { refused } = await action.apply(changes, signal);

    expect(refused.map(({ index }) => index)).toEqual([0]);
  });
});
