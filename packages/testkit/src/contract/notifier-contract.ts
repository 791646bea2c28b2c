import type { ContractCase } from './contract-case.ts';
import { notifierCases } from './notifier-cases.ts';
import type { NotifierContractGiven } from './notifier-rig.ts';
import { NotifierUnderTest } from './notifier-under-test.ts';

/**
 * What every notifier owes the kernel (see `Notifier` of `@remand/api`), as cases for a test runner.
 * Those that need a trouble pass where the rig can make none.
 *
 * @example
 * describe('my notifier', () => {
 *   for (const { title, run } of notifierContract({ plugin, setUp })) it(title, run);
 * });
 */
export function notifierContract(given: NotifierContractGiven): readonly ContractCase[] {
  return notifierCases.map(({ title, run }) => ({
    title,
    run: async () => {
      const rig = await given.setUp();
      try {
        const test = await NotifierUnderTest.on(given, rig);
        try {
          await run(test);
        } finally {
          test.end();
        }
      } finally {
        await rig.tearDown();
      }
    },
  }));
}
