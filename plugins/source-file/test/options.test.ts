import { describe, expect, it } from 'vitest';
import fileSource from '../src/index.ts';
import { fileOptions } from '../src/options.ts';

function problems(options: unknown): string {
  return (fileOptions.safeParse(options).error?.issues ?? []).map(({ message }) => message).join();
}

describe('the options of file', () => {
  it('take a bare string as one path', () => {
    const options = fileOptions.parse(fileSource.shorthand?.('/var/log/auth.log'));

    expect(options).toEqual({ paths: ['/var/log/auth.log'], header: 'auto', format: 'plain' });
  });

  it.each([
    ['a relative path', { paths: ['auth.log'] }, "'auth.log' is not an absolute path"],
    ['a folder', { paths: ['/var/log/'] }, 'is a folder'],
    ['a NUL', { paths: ['/a\0b'] }, "'/a\\x00b' holds a NUL"],
    ['a path that no stream can be named by', { paths: [`/${'a'.repeat(4_000)}`] }, 'longer than'],
    ['no path', { paths: [] }, 'at least one path'],
    [
      'a zone that is none',
      { paths: ['/a'], timeZone: 'Mars/Base' },
      "'Mars/Base' is no time zone",
    ],
    ['another header', { paths: ['/a'], header: 'some' }, 'expected one of'],
    ['an unknown key', { paths: ['/a'], tail: true }, 'Unrecognized key: "tail"'],
  ])('refuse %s', (_what, options, message) => {
    expect(problems(options)).toContain(message);
  });

  it('say how the lines will be framed', () => {
    const options = fileOptions.parse({ paths: ['/a'], timeZone: 'UTC', header: 'none' });

    expect(fileSource.framing?.(options)).toEqual({ timeZone: 'UTC', header: 'none' });
  });

  it('take zones', () => {
    expect(problems({ paths: ['/a'], timeZone: 'Europe/Berlin' })).toBe('');
  });

  it('have a JSON Schema with a description each', () => {
    const schema = fileOptions['~standard'].jsonSchema.input({ target: 'draft-2020-12' });

    for (const property of Object.values(schema.properties ?? {})) {
      expect(property).toHaveProperty('description');
    }
  });
});
