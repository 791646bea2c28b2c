import type { ContractCase } from './contract-case.ts';
import { notifierCases } from './notifier-cases.ts';
import type { NotifierContractGiven } from './notifier-rig.ts';
import { NotifierUnderTest } from './notifier-under-test.ts';

/**
 * What every notifier owes the kernel (see `Notifier` of `@remand/api`), as cases for a test runner.
 * Those that need a trouble which the rig cannot make are left out.
 *
 * @example
 * describe('my notifier', () => {
 *   for (const { title, run } of notifierContract({ plugin, setUp })) it(title, run);
 * });
 */
export function notifierContract(given: NotifierContractGiven): readonly ContractCase[] {
  const { troubles } = given;
  return notifierCases
    .filter(({ needs }) => needs === undefined || (troubles?.includes(needs) ?? true))
    .map(({ title, run }) => ({
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
