import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
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

describe('scripts/generate.js --check', () => {
  it('finds that everything committed is what is generated', () => {
    const { status, stderr } = spawnSync('node', ['scripts/generate.js', '--check'], {
      encoding: 'utf8',
    });

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
