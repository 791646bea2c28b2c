import { describe, expect, it } from 'vitest';
import { options } from '../src/options.ts';

describe('the options', () => {
  it.each(['tcp', 'udp', 'both'])(
    'refuse protocol %s without ports, which would not count',
    (protocol) => {
      const { error } = options.safeParse({ protocol });

      expect(error?.issues).toMatchObject([
        { path: ['protocol'], message: expect.stringContaining('add `ports` or leave it out') },
      ]);
    },
  );

  it.each([{}, { ports: [22] }, { ports: [53], protocol: 'udp' }])('take %j', (given) => {
    expect(options.safeParse(given).success).toBe(true);
  });
});
