import type { AnyPlugin, Clock, CommandRunner, Target } from '@remand/api';

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
  /**
   * Whether the firewall stops what comes from an address, asked of the firewall itself. With it
   * the suite asks after each command of a start with other options.
   */
  stops?(target: Target): Promise<boolean>;
  /** Another program takes out everything of the list, as a reload of the firewall does. */
  wipe(): Promise<void>;
  /**
   * Makes the firewall answer nothing, or answer again. Needed without `commands`: with them the
   * suite lets them fail.
   */
  cutOff?(isCut: boolean): void | Promise<void>;
  /** Removes the firewall after the case, whatever became of it. */
  tearDown(): Promise<void>;
}

export interface ActionContractGiven {
  readonly plugin: AnyPlugin<'action'>;
  /** The options as an rc file has them. Default none. */
  readonly options?: unknown;
  /**
   * Other options for the same list, as a changed rc file has them. The suite starts each after
   * `options`, and the other way round, with entries in.
   */
  readonly otherOptions?: readonly unknown[];
  /** Called before each case. */
  setUp(): Promise<ActionRig>;
  /** `process` when the entries end with the instance (`observe`). Default `firewall`. */
  readonly keptIn?: 'firewall' | 'process';
}
