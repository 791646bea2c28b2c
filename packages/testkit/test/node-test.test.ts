import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The same suites as under Vitest, by the runner that comes with Node. */
function underNodeTest(env: Record<string, string> = {}) {
  const file = join(import.meta.dirname, 'node-test/contracts.ts');
  const { NODE_TEST_CONTEXT: _ours, ...inherited } = process.env;
  const options = { encoding: 'utf8', env: { ...inherited, ...env } } as const;
  const { status, stdout } = spawnSync('node', ['--test', '--test-reporter=tap', file], options);
  const count = (word: string) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(stdout)?.[1]);
  return { status, passed: count('pass'), failed: count('fail'), stdout };
}

describe('the contract suites under node:test', () => {
  it('pass for plugins that keep them', () => {
    const { status, passed, failed, stdout } = underNodeTest();

    expect(failed, stdout).toBe(0);
    expect(passed).toBeGreaterThan(15);
    expect(status).toBe(0);
  });

  it('fail for one that does not', () => {
    const { status, failed } = underNodeTest({ REMAND_BREAK: '1' });

    expect(failed).toBeGreaterThan(5);
    expect(status).toBe(1);
  });
});
