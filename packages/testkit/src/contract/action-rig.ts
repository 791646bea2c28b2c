import type { AnyPlugin, Clock, CommandRunner } from '@remand/api';

/** A firewall of the test's own for one case of the action contract. */
export interface ActionRig {
  readonly clock: Clock;
  /** Runs the firewall's programs. An action that runs none needs none. */
  readonly commands?: CommandRunner;
  /** Lets time pass for the firewall: a sleep, or an `advance` of a fake clock. */
  passTime(ms: number): Promise<void>;
  /**
   * All that the firewall holds, also of others, as text without counters. Put something of
   * another program in before you hand the rig over: the suite checks that it stays as it is.
   */
  dump(): Promise<string>;
  /** Another program takes out everything of the list, as a reload of the firewall does. */
  wipe(): Promise<void>;
  /**
   * Makes the firewall answer nothing, or answer again. Needed without `commands`: with them the
   * suite lets them fail.
   */
  cutOff?(isCut: boolean): void;
  /** Removes the firewall after the case, whatever became of it. */
  tearDown(): Promise<void>;
}

export interface ActionContractGiven {
  readonly plugin: AnyPlugin<'action'>;
  /** The options as an rc file has them. Default none. */
  readonly options?: unknown;
  /** Called before each case. */
  setUp(): Promise<ActionRig>;
  /** `process` when the entries end with the instance (`observe`). Default `firewall`. */
  readonly keptIn?: 'firewall' | 'process';
}
