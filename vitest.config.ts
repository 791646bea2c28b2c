import { defineConfig } from 'vitest/config';

const integrationFiles = '{packages,plugins}/*/test/**/*.integration.test.ts';

/** Real programs, sockets and the state of the machine: one file at a time, and patience. */
const serial = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{packages,plugins}/*/test/**/*.test.ts',
            'test/{scripts,support}/**/*.test.ts',
          ],
          exclude: [integrationFiles],
        },
      },
      { test: { name: 'integration', include: [integrationFiles], ...serial } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...serial } },
    ],
  },
});
