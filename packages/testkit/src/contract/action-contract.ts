import { actionCases } from './action-cases.ts';
import type { ActionContractGiven } from './action-rig.ts';
import { ActionUnderTest } from './action-under-test.ts';
import type { ContractCase } from './contract-case.ts';

/**
 * What every action owes the kernel (see `Action` of `@remand/api`), as cases for a test runner.
 * A case that needs what the limits of an action exclude passes.
 *
 * @example
 * describe('my action', () => {
 *   for (const { title, run } of actionContract({ plugin, setUp })) it(title, run);
 * });
 */
export function actionContract(given: ActionContractGiven): readonly ContractCase[] {
  const isKept = given.keptIn !== 'process';
  return actionCases
    .filter(({ outlives = false }) => isKept || !outlives)
    .map(({ title, run }) => ({
      title,
      run: async () => {
        const rig = await given.setUp();
        try {
          const test = await ActionUnderTest.on(given, rig);
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
