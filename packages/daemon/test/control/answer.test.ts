import { CommandError } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { answer } from '../../src/control/answer.ts';
import { emptyStatus, fakeVerbs } from '../support/fake-verbs.ts';
import { memoryLogger } from '../support/memory-logger.ts';

const ask = (request: unknown, some = {}) =>
  answer(JSON.stringify(request), fakeVerbs(some), memoryLogger());

describe(answer.name, () => {
  it('hands validated arguments to the verb and the result back', async () => {
    const seen: unknown[] = [];
    const ban = async (args: unknown) => {
      seen.push(args);
      return { address: '192.0.2.1', until: null, lists: [] };
    };

    const response = await ask(
      { id: 7, verb: 'ban', args: { address: '192.0.2.1', forMs: null } },
      { ban },
    );

    expect(seen).toEqual([{ address: '192.0.2.1', forMs: null }]);
    expect(response).toMatchObject({ id: 7, ok: true, result: { address: '192.0.2.1' } });
  });

  it('takes missing arguments for none', async () => {
    const response = await ask({ id: 1, verb: 'status' }, { status: async () => emptyStatus() });

    expect(response.ok).toBe(true);
  });

  it('names the nearest verb for an unknown one', async () => {
    const response = await ask({ id: 1, verb: 'unbann', args: {} });

    expect(response).toMatchObject({
      ok: false,
      error: { code: 'USAGE', hint: "did you mean 'unban'?" },
    });
  });

  it.each([
    ['an unknown argument', { verb: 'ban', args: { address: '192.0.2.1', command: 'id' } }],
    ['no address', { verb: 'why', args: {} }],
    ['an address that is no text', { verb: 'why', args: { address: 1 } }],
    ['an endless address', { verb: 'why', args: { address: '1'.repeat(101) } }],
    ['a negative duration', { verb: 'allow', args: { address: '192.0.2.1', forMs: -1 } }],
    ['a duration beyond reason', { verb: 'allow', args: { address: '192.0.2.1', forMs: 1e15 } }],
    ['an array for arguments', { verb: 'status', args: [] }],
    ['a member of Object', { verb: 'constructor', args: {} }],
    ['no verb', { args: {} }],
    ['another key', { verb: 'status', args: {}, command: 'id' }],
  ])('refuses %s', async (_what, request) => {
    const response = await ask({ id: 1, ...request });

    expect(response).toMatchObject({ ok: false, error: { code: 'USAGE' } });
  });

  it('refuses what is no JSON', async () => {
    const response = await answer('{', fakeVerbs(), memoryLogger());

    expect(response).toMatchObject({ id: null, ok: false, error: { code: 'USAGE' } });
  });

  it('passes on the code and the hint of an error', async () => {
    const why = () => Promise.reject(new CommandError('NOT_FOUND', 'no such', { hint: 'look' }));

    const response = await ask({ id: 1, verb: 'why', args: { address: '192.0.2.1' } }, { why });

    expect(response).toMatchObject({
      error: { code: 'NOT_FOUND', message: 'no such', hint: 'look' },
    });
  });

  it('logs a mistake of our own and escapes it', async () => {
    const logger = memoryLogger();
    const status = () => Promise.reject(new Error('\u001b[31mboom'));

    const response = await answer('{"id":1,"verb":"status"}', fakeVerbs({ status }), logger);

    expect(response).toMatchObject({ error: { code: 'INTERNAL', message: '\\x1b[31mboom' } });
    expect(logger.lines).toMatchObject([{ level: 'error', event: 'control-failed' }]);
  });
});
