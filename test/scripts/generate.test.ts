import { spawnSync } from 'node:child_process';
import type { Action, ActionLimits, AnyPlugin } from '@remand/api';
import { FakeClock, memoryAction } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { type ListUse, listTable } from '../../scripts/list-table.ts';
import { patternTable } from '../../scripts/pattern-table.ts';
import { replaceBetween, schemaTable } from '../../scripts/schema-table.ts';

describe(schemaTable.name, () => {
  it('has a row for each key, nested ones behind their parents', () => {
    const table = schemaTable({
      type: 'object',
      required: ['mode', 'smtp', 'port'],
      properties: {
        mode: { enum: ['a', 'b'], default: 'a', description: 'One | two\nlines.' },
        port: { type: 'integer', minimum: 1, maximum: 65_535 },
        any: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER },
        smtp: { type: 'object', properties: { host: { type: 'string' } } },
        paths: { type: 'array', items: { type: 'string' } },
        to: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
        jails: {
          type: 'object',
          additionalProperties: { properties: { on: { type: 'boolean' } } },
        },
        wait: { title: 'duration', anyOf: [] },
      },
    });

    expect(table.split('\n').slice(2)).toEqual([
      '| `mode` | `a`, `b` | `a` | One \\| two lines. |',
      '| `port` | whole number from 1 to 65535 | required |  |',
      '| `any` | whole number |  |  |',
      '| `smtp` | map | required |  |',
      '| `smtp.host` | string |  |  |',
      '| `paths` | list of string |  |  |',
      '| `to` | string or list of string |  |  |',
      '| `jails` | map |  |  |',
      '| `jails.NAME.on` | `true` or `false` |  |  |',
      '| `wait` | duration |  |  |',
    ]);
  });

  it('says when there is nothing to say', () => {
    expect(schemaTable({ type: 'object', properties: {} })).toBe('It has no options.');
  });
});

describe(replaceBetween.name, () => {
  it('replaces what is between the marks and keeps the rest, however often', () => {
    const once = replaceBetween('a\n<!-- x -->\nold\n<!-- /x -->\nb\n', 'x', 'new');

    expect(once).toBe('a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n');
    expect(replaceBetween(once ?? '', 'x', 'new')).toBe(once);
  });

  it.each(['', '<!-- x -->\n', '<!-- /x -->\n<!-- x -->\n'])('leaves %j alone', (text) => {
    expect(replaceBetween(text, 'x', 'new')).toBeUndefined();
  });
});

describe(listTable.name, () => {
  const { listKey: _none, ...bare } = memoryAction({ clock: new FakeClock() }).plugin;
  const action = (limits: Partial<ActionLimits>, more: Partial<AnyPlugin<'action'>> = {}) => ({
    plugin: { ...bare, name: 'wall', summary: 'Blocks.', ...more },
    ...{ given: { set: 'x', ports: [22, 80] }, options: {} },
    action: { limits: { families: [4], ranges: true, maxTimeoutMs: 0, ...limits } } as Action,
  });
  const cells = (...uses: readonly ListUse[]) =>
    listTable(uses)
      .split('\n')
      .slice(2)
      .map((row) => row.split(' | ').slice(2));

  it('says of each list who has it, what else is in it and what it can do', () => {
    const uses = [
      action({ ranges: false, maxEntries: 5, maxTimeoutMs: 3_600_000 }, { outlivesReboot: true }),
      action({ families: [4, 6] }, { scope: 'host', ownership: 'shared', outlivesReboot: false }),
      action({ provisional: true }),
    ];
    const own = 'none in the part that remand made';
    const found = 'as found at the start';

    expect(cells(...uses)).toEqual([
      ['`wall/sshd`', 'each holder', own, 'IPv4', 'no', '5', '1h', 'yes |'],
      [
        ...['`wall`', 'all holders', 'kept, and never removed', 'IPv4, IPv6', 'yes', 'no limit'],
        ...['no: the daemon removes', 'no |'],
      ],
      ['`wall/sshd`', 'each holder', own, 'IPv4', found, found, found, 'as it is set up |'],
    ]);
    expect(listTable(uses)).toContain('| `{ wall: { set: x, ports: [22, 80] } }` | Blocks. |');
  });
});

describe('scripts/generate.js --check', () => {
  it('finds that everything committed is what is generated', () => {
    const { status, stderr } = spawnSync('node', ['scripts/generate.js', '--check'], {
      encoding: 'utf8',
    });

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe(patternTable.name, () => {
  it('shows each template with its versions and a sample', () => {
    const page = patternTable(
      {
        parts: { who: '{user:text} from {address}' },
        patterns: [
          { id: 'a', template: 'no {who}', versions: '1.0-', mode: 'more' },
          { id: 'b', template: 'bye {who}', programs: ['x', null] },
        ],
      },
      ({ id }) => `sample of ${id}`,
    );

    expect(page).toContain('**a** (mode more): 1.0-\n\n```text\nno {who}\n```');
    expect(page).toContain('; programs: `x`, none\n\n```text\nbye {who}\n```');
    expect(page).toContain('sample of b');
    expect(page).toContain('who: {user:text} from {address}');
  });
});
