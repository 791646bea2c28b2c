import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, structuredFilter } from '../src/structured.ts';

const json = { format: 'json', fields: ['client.ip', 'status', 'user'] } as const;
const logfmt = { format: 'logfmt', fields: ['ip', 'status', 'user'] } as const;
const line = { program: undefined, pid: undefined };

describe(fieldsOf, () => {
  it.each([
    ['{"client":{"ip":"192.0.2.7"},"status":401,"user":"bob"}', '192.0.2.7|401|bob'],
    ['{"status":true,"user":null,"client":[]}', '|true|'],
    ['{"user":"a|b\\nc","status":401}', '|401|a b c'],
    ['{"client.ip":"192.0.2.99","status":401}', '|401|'],
    ['{"__proto__":{"status":401}}', '||'],
    ['{"user":"\\u20ac"}', '||\u00e2\u0082\u00ac'],
    ['[1]', undefined],
    ['{"a":', undefined],
    ['', undefined],
  ])('reads %j', (message, fields) => {
    expect(fieldsOf(message, json)).toBe(fields);
  });

  it.each([
    ['ip=192.0.2.7 status=401 user="a \\"b\\" c=d"', '192.0.2.7|401|a "b" c=d'],
    ['level=info status=401', '|401|'],
    ['status=401 user="x" status=200', undefined],
    ['status=401 user="x', undefined],
    ['status=401 words', undefined],
    ['user=a"b', undefined],
    ['', undefined],
  ])('reads %j as logfmt', (message, fields) => {
    expect(fieldsOf(message, logfmt)).toBe(fields);
  });

  it('never lets a value make a field', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (user, status) => {
        const text = fieldsOf(JSON.stringify({ user, status, client: { ip: '192.0.2.7' } }), json);

        expect(text?.split('|')).toHaveLength(3);
        expect(text?.startsWith('192.0.2.7|')).toBe(true);
      }),
    );
  });

  it('survives what is deep and long', () => {
    expect(fieldsOf(`{"client":${'['.repeat(8_000)}${']'.repeat(8_000)}}`, json)).toBe('||');
    expect(fieldsOf(`{"user":"${'x'.repeat(100_000)}"}`, json)).toHaveLength(100_002);
  });
});

describe(structuredFilter, () => {
  const table = {
    patterns: [{ id: 'refused', template: String.raw`{address}\|401\|{user:text}` }],
  };
  const filter = structuredFilter(table, json);

  it('matches what its templates say of the fields', () => {
    const message = '{"client":{"ip":"192.0.2.7"},"status":401,"user":"bob"}';

    expect(filter.match(message, line)).toEqual({ address: '192.0.2.7', user: 'bob' });
    expect(filter.explain?.(message, line)).toMatchObject([{ matched: true }]);
    expect(filter.match(message.replace('401', '200'), line)).toBeUndefined();
  });

  it('says why it does not', () => {
    expect(filter.explain?.('words', line)).toMatchObject([{ wanted: 'an object in json' }]);
    expect(filter.explain?.('{"client":{"ip":"192.0.2.7"},"status":200}', line)).toMatchObject([
      { matched: false, wanted: expect.stringContaining('401') },
    ]);
  });

  it('tells of a conversation that its templates join', () => {
    const table = {
      patterns: [
        { id: 'from', tells: 'address', template: '{conversation:number}\\|from {address}' },
        { id: 'failed', tells: 'offence', template: '{conversation:number}\\|login failed' },
      ],
    } as const;
    const filter = structuredFilter(table, { format: 'json', fields: ['session', 'message'] });
    const say = (message: string) =>
      filter.converse?.(`{"session":7,"message":"${message}"}`, line);

    expect(say('from 192.0.2.7')).toMatchObject({ conversation: '7', address: '192.0.2.7' });
    expect(say('login failed')).toMatchObject({ conversation: '7', offence: true });
    expect(filter.converse?.('words', line)).toBeUndefined();
  });
});
