import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ActionRig, actionContract } from '@remand/testkit';
import { afterAll, describe, it } from 'vitest';
import { localCommands } from '../../../test/support/local-commands.ts';
import { realClock } from '../../../test/support/namespace.ts';
import command from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'remand-command-'));
const file = join(folder, 'kept.json');
const keeper = [process.execPath, join(import.meta.dirname, 'keeper.js'), file];
const list = [...keeper, 'list'];

const ways = {
  'an entry at a time': {
    add: [...keeper, 'add', '{address}', '{seconds}'],
    remove: [...keeper, 'remove', '{address}'],
    maxEntries: 25,
    countsTo: '30d',
  },
  'batches of JSON': { batch: [...keeper, 'json'], countsTo: '30d' },
  'plain batches': { batch: [...keeper, 'plain'], format: 'plain', countsTo: '30d' },
  'batches of single IPv4 addresses without an end': {
    batch: [...keeper, 'json'],
    families: [4],
    ranges: false,
  },
};

/** A keeper that others use too. */
async function setUp(): Promise<ActionRig> {
  const others = '[["203.0.113.250",null]]';
  writeFileSync(file, others);
  return {
    clock: realClock,
    commands: localCommands(),
    passTime: (ms) => sleep(ms),
    dump: async () => readFileSync(file, 'utf8'),
    wipe: async () => writeFileSync(file, others),
    tearDown: async () => undefined,
  };
}

describe('command keeps the contract of actions', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  for (const [way, given] of Object.entries(ways)) {
    const options = { name: 'keeper', list, ...given };
    for (const { title, run } of actionContract({ plugin: command, options, setUp })) {
      it(`with ${way}: ${title}`, run);
    }
  }
});
