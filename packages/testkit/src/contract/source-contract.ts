import assert from 'node:assert/strict';
import type { ContractCase } from './contract-case.ts';
import { sourceCases } from './source-cases.ts';
import type { SourceContractGiven } from './source-rig.ts';
import { SourceUnderTest } from './source-under-test.ts';

/**
 * What every source owes the kernel (see `Source` and `SourceFeed` of `@remand/api`), as cases for
 * a test runner. The messages that the suite writes end with a dot: a line that is handed over must
 * end with its message, and may have a header before it.
 *
 * @example
 * describe('my source', () => {
 *   for (const { title, run } of sourceContract({ plugin, setUp })) it(title, run);
 * });
 */
export function sourceContract(given: SourceContractGiven): readonly ContractCase[] {
  const { keepsBacklog = true, endedBy = 'newline', hasLongLines = true } = given;
  return sourceCases
    .filter(({ needsBacklog = false }) => keepsBacklog || !needsBacklog)
    .filter(({ needsMessages = false }) => endedBy === 'message' || !needsMessages)
    .filter(({ needsLongLines = false }) => hasLongLines || !needsLongLines)
    .map(({ title, run }) => ({
      title,
      run: async () => {
        const rig = await given.setUp();
        try {
          const test = await SourceUnderTest.on(given, rig);
          try {
            await run(test);
            assert.deepEqual(test.breaches, []);
          } finally {
            await test.end();
          }
        } finally {
          await rig.tearDown();
        }
      },
    }));
}
