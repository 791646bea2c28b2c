/** One case of a contract suite, for whatever test runner. */
export interface ContractCase {
  readonly title: string;
  /** Rejects when the contract is broken. */
  readonly run: () => Promise<void>;
}
