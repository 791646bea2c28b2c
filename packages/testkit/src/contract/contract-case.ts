/**
 * One case of a contract suite. It asserts with `node:assert` and imports no test runner: hand it
 * to `it` of Vitest, to `test` of `node:test`, or run it yourself.
 */
export interface ContractCase {
  /** A sentence of behaviour, unique in its suite. */
  readonly title: string;
  /** Rejects when the contract is broken. Cases may run in any order, one at a time. */
  readonly run: () => Promise<void>;
}
