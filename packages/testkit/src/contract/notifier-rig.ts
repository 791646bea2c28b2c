import type { AnyPlugin, Clock, CommandRunner, Logger } from '@remand/api';

/** What can be wrong where notices go. */
export type Trouble = 'refuses for a time' | 'refuses for good' | 'hangs';

/** Where notices go, a server of the test's own, for one case of the notifier contract. */
export interface NotifierRig {
  /** The options as an rc file has them. Default none. */
  readonly options?: unknown;
  readonly clock: Clock;
  readonly commands?: CommandRunner;
  readonly logger?: Logger;
  /** What has arrived, decoded as the one who reads it sees it; one text a message. */
  arrived(): Promise<readonly string[]>;
  /** Makes everything after it go wrong, or right again. */
  trouble?(what: Trouble | undefined): void | Promise<void>;
  /** Removes it after the case, whatever became of it. */
  tearDown(): Promise<void>;
}

export interface NotifierContractGiven {
  readonly plugin: AnyPlugin<'notifier'>;
  /** What the rig can make go wrong; the cases that need another are left out. Default: all three. */
  readonly troubles?: readonly Trouble[];
  /** Called before each case. */
  setUp(): Promise<NotifierRig>;
}
