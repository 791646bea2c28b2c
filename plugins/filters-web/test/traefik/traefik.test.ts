import { describe, expect, it } from 'vitest';
import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/traefik/index.ts';
import { patterns, structure } from '../../src/traefik/patterns.ts';

describeFilter({ plugin, table: patterns, structure, folder: import.meta.dirname });

describe('traefik in the common format', () => {
  const filter = plugin.create({ options: { statuses: [401, 403] } });
  const line = { program: undefined, pid: undefined };
  const rest = '17 "-" "-" 1 "app@docker" "-" 0ms';

  it.each([
    [`192.0.2.7 - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/2.0" 401 ${rest}`, '192.0.2.7'],
    [`2001:db8::7 - bob [25/Nov/2026:10:00:00 +0000] "GET / HTTP/2.0" 403 ${rest}`, '2001:db8::7'],
    [
      `192.0.2.7 - - [25/Nov/2026:10:00:00 +0000] "GET /192.0.2.99 HTTP/2.0" 200 ${rest}`,
      undefined,
    ],
    [`host - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/2.0" 401 ${rest}`, undefined],
  ])('makes of %s what it is', (message, address) => {
    expect(filter.match(message, line)?.address).toBe(address);
    const trials = filter.explain?.(message, line) ?? [];
    expect(trials.some(({ matched }) => matched)).toBe(address !== undefined);
  });
});
