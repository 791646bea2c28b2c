import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleNotices } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';
import { payload } from '../src/payload.ts';
import { filled } from '../src/template.ts';
import { valueNames, valuesOf } from '../src/values.ts';

const url = 'https://example.org/hook';
const key = { Key: { file: '/etc/remand/key' } };

function mistakes(options: unknown): readonly string[] {
  const { error } = plugin.options.safeParse(options);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the options of webhook', () => {
  it.each([
    { url },
    { urlFile: '/etc/remand/hook' },
    { urlEnv: 'HOOK', secretEnv: 'KEY' },
    { url, headers: { Authorization: { env: 'TOKEN', prefix: 'Bearer ' }, 'X-Team': 'ops' } },
    { url, format: { ntfy: { topic: 'alerts' } } },
    { url, format: { template: { text: '{{ message }}', n: 7, list: ['{{notice.evidence}}'] } } },
    { headers: key, format: { abuseipdb: {} } },
  ])('take %j', (given) => {
    expect(mistakes(given)).toEqual([]);
  });

  it.each([
    ['nowhere', {}, /^url: wanted one of/],
    ['two places', { url, urlEnv: 'X' }, /^url: wanted one of/],
    ['another scheme', { url: 'file:///etc/passwd' }, /https:/],
    ['no URL', { url: 'example.org' }, /https:/],
    ['a password in it', { url: 'https://me:hunter2@example.org' }, /Authorization/],
    ['a secret in the rc', { url, headers: { Authorization: 'Bearer hunter2' } }, /file: \/path/],
    ['a header of its own', { url, headers: { Host: 'x' } }, /set by remand/],
    ['a header with a line end', { url, headers: { 'X-A': 'b\r\nc: d' } }, /printable/],
    ['a name with one', { url, headers: { 'X\r\nA': 'b' } }, /name of a header/],
    ['two keys', { url, secretFile: '/k', secretEnv: 'K' }, /^secretEnv/],
    ['no format', { url, format: {} }, /one of ntfy/],
    ['two formats', { url, format: { ntfy: { topic: 'x' }, template: {} } }, /one of ntfy/],
    ['an unknown placeholder', { url, format: { template: ['{{adress}}'] } }, /\{\{adress\}\}/],
    ['one of every object', { url, format: { template: ['{{constructor}}'] } }, /constructor/],
    ['reports without a key', { format: { abuseipdb: {} } }, /Key: /],
    ['a topic that is a path', { url, format: { ntfy: { topic: '../x' } } }, /topic/],
    ['more time than there is', { url, timeout: '1m' }, /at most 25s/],
  ])('refuse %s', (_what, given, wanted) => {
    const found = mistakes(given).join('\n');

    expect(found).toMatch(wanted);
    expect(found).not.toContain('hunter2');
  });
});

describe(filled.name, () => {
  const values = { host: 'web1', count: 3, notices: [1, 2], message: '{{host}} "}, {' };

  it.each([
    ['{{count}}', 3],
    ['{{ notices }}', [1, 2]],
    ['n={{count}} {{missing}}.', 'n=3 .'],
    ['{{missing}}', null],
    ['{{message}}', '{{host}} "}, {'],
    ['a {{message}}', 'a {{host}} "}, {'],
    [{ '{{host}}': ['{{host}}', 1, null, true] }, { '{{host}}': ['web1', 1, null, true] }],
  ])('makes of %j %j', (template, wanted) => {
    expect(filled(template, values)).toEqual(wanted);
  });

  it('knows each value that there is, and no other', () => {
    const made = Object.values(sampleNotices).flatMap((one) => Object.keys(valuesOf([one], 'h')));
    expect(new Set(made)).toEqual(valueNames);
  });
});

describe('the README', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

  it('shows a body of the shape that is documented', () => {
    const [, sample = ''] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];

    expect(payload.strict().parse(JSON.parse(sample))).toEqual(JSON.parse(sample));
  });
});
