import { checkPatterns, PatternSet } from '@remand/patterns';
import { describe, expect, it } from 'vitest';
import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/http-access/index.ts';
import { jsonPatternsOf, patterns } from '../../src/http-access/patterns.ts';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  options: { statuses: [400, 401, 403, 404] },
});

const line = { program: undefined, pid: undefined };
const create = (options: object) => {
  const { value } = plugin.options['~standard'].validate(options) as never;
  return plugin.create({ options: value });
};

describe('http-access in JSON', () => {
  const filter = create({});

  it('proves its templates', () => {
    expect(checkPatterns(jsonPatternsOf({ statuses: [401, 403] }))).toEqual([]);
  });

  it.each([
    [
      '{"time_local":"25/Nov/2026:10:00:00 +0000","remote_addr":"192.0.2.7","status":"404"}',
      '192.0.2.7',
    ],
    ['{"remote_addr":"2001:db8::7","status":401,"request":"GET / HTTP/1.1"}', '2001:db8::7'],
    ['{"clientip":"192.0.2.7","response":403}', '192.0.2.7'],
    ['{"remote_ip":"198.51.100.9","client_ip":"192.0.2.7","status":401}', '192.0.2.7'],
    ['{"remote_addr":"192.0.2.7","status":200,"request":"x\\",\\"status\\":401"}', undefined],
    ['{"remote_addr":"host.example.net","status":401}', undefined],
    ['{"remote_addr":"192.0.2.7","headers":{"status":401}}', undefined],
    ['{"remote_addr":"192.0.2.7","status":401', undefined],
  ])('makes of %s what it is', (message, address) => {
    expect(filter.match(message, line)?.address).toBe(address);
    const trials = filter.explain?.(message, line) ?? [];
    expect(trials.some(({ matched }) => matched)).toBe(address !== undefined);
  });
});

describe('X-Forwarded-For in http-access', () => {
  const filter = create({});

  it.each([
    `10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] "GET /x HTTP/1.1" 404 1 "-" "x" "203.0.113.9, 192.0.2.7"`,
    '{"remote_addr":"10.0.0.1","status":404,"http_x_forwarded_for":"203.0.113.9, 192.0.2.7"}',
  ])('is told as it stands: %s', (message) => {
    expect(filter.match(message, line)).toEqual({
      address: '10.0.0.1',
      forwardedFor: '203.0.113.9, 192.0.2.7',
    });
  });
});

describe('the options of http-access', () => {
  const start = '192.0.2.7 - - [25/Nov/2026:10:00:00 +0000]';
  const missing = `${start} "GET /x HTTP/1.1" 404 1`;
  const probe = `${start} "GET /.env HTTP/1.1" 404 1`;
  const odd = `${start} "TRACE / HTTP/1.1" 200 1`;
  const messages = [missing, probe, odd];

  it.each([
    [{}, messages],
    [{ statuses: [] }, [probe, odd]],
    [{ statuses: [], probes: false }, [odd]],
    [{ statuses: [], methods: [] }, [probe]],
    [{ statuses: [404], methods: [], probes: false }, [missing, probe]],
  ])('%j', (options, counted) => {
    const filter = create(options);

    expect(messages.filter((message) => filter.match(message, line))).toEqual(counted);
  });

  it('may be none', () => {
    expect(new PatternSet({ patterns: [] }).match(missing)).toBeUndefined();
    expect(
      create({ statuses: [], methods: [], probes: false }).match(missing, line),
    ).toBeUndefined();
  });
});
