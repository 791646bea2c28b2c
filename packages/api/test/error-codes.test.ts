import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  CommandError,
  ConfigError,
  type ErrorCode,
  type ErrorCodeOf,
  type ErrorKind,
  errorCodes,
  InternalError,
  PluginError,
} from '../src/index.ts';

const page = readFileSync(new URL('../../../docs/reference/errors.md', import.meta.url), 'utf8');
const table = Object.entries(errorCodes);

/** The first code of each kind, as its class makes it. */
const samples = {
  config: new ConfigError('USAGE', 'x'),
  plugin: new PluginError('PLUGIN_CALL', 'x', { plugin: 'filter x', phase: 'work' }),
  command: new CommandError('COMMAND_FAILED', 'x'),
  internal: new InternalError('x'),
};

describe('the table of error codes', () => {
  it('is the page of error codes, in both directions', () => {
    const documented = [...page.matchAll(/^### (\S+)\n\n(.+)\n/gm)];

    expect(Object.fromEntries(documented.map(([, code, meaning]) => [code, meaning]))).toEqual(
      Object.fromEntries(table.map(([code, { meaning }]) => [code, meaning])),
    );
  });

  it('is the types, in both directions', () => {
    expectTypeOf<ErrorCode>().toEqualTypeOf<keyof typeof errorCodes>();
    expectTypeOf<ErrorCodeOf<ErrorKind>>().toEqualTypeOf<ErrorCode>();
    expectTypeOf<(typeof samples)['config']['code']>().toEqualTypeOf<ErrorCodeOf<'config'>>();
    expectTypeOf<(typeof samples)['plugin']['code']>().toEqualTypeOf<ErrorCodeOf<'plugin'>>();
    expectTypeOf<(typeof samples)['command']['code']>().toEqualTypeOf<ErrorCodeOf<'command'>>();
    expectTypeOf<(typeof samples)['internal']['code']>().toEqualTypeOf<ErrorCodeOf<'internal'>>();
  });

  it.each(table)('%s has a kind that a class has, and a meaning', (code, { kind, meaning }) => {
    expect(code).toMatch(/^[A-Z][A-Z_]*[A-Z]$/);
    expect(Object.keys(samples)).toContain(kind);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
  });

  it.each(Object.entries(samples))('errors of the kind %s have codes of it', (kind, error) => {
    expect(errorCodes[error.code].kind).toBe(kind);
    expect(error.name).toBe(error.constructor.name);
  });
});
