import { defineConfig } from 'vitest/config';

const integrationFiles = '{packages,plugins}/*/test/**/*.integration.test.ts';

/** Real programs and sockets need patience. */
const patient = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{packages,plugins}/*/test/**/*.test.ts',
            'test/{filters,scripts,support}/**/*.test.ts',
          ],
          exclude: [integrationFiles],
        },
      },
      { test: { name: 'integration', include: [integrationFiles], ...patient } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...patient } },
    ],
  },
});
