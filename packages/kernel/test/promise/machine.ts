import type { AnyPlugin, Clock, CommandRunner } from '@remand/api';
import type { Faults, Life } from './faulty-action.ts';

/** What of a machine outlives its daemons: its firewall and its clock. */
export interface Machine {
  readonly clock: Clock;
  readonly commands?: CommandRunner;
  /** The action plugins of the lists; the action of a list `key` has these options. */
  plugins(faultsOf: (list: string) => Faults, life: () => Life): readonly AnyPlugin[];
  use(list: string): { readonly name: string; readonly options: unknown };
  pass(ms: number): Promise<void>;
  /** Everything that is blocked in a list now, by whomever. */
  contents(list: string): Promise<ReadonlySet<string>>;
  /** What somebody else does. */
  wipe(list: string, given: { readonly container: boolean }): Promise<void>;
  takeOut(list: string, target: string): Promise<void>;
  putIn(list: string, target: string, forMs: number): Promise<void>;
  /** Not every change makes the daemon read a list again: it only has to become right. */
  readonly isUnread: boolean;
  /** A list that is not as it should be after so long never will be. */
  readonly patienceMs: number;
  /** How long the driver waits before it looks again. */
  readonly grainMs: number;
  /** How far apart the model's times and those of the daemon can be. */
  readonly toleranceMs: number;
}
