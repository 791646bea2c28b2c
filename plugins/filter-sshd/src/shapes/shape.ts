import type { Reader } from '../readers/reader.ts';

/** What a message tells: a refused login, a connection without one, or no common ground. */
export type Tier = 'normal' | 'ddos' | 'extra';

/** One message of sshd. */
export interface Shape {
  readonly name: string;
  readonly tier: Tier;
  /** The literal that the message begins with, behind `error: ` and the like. */
  readonly prefix: string;
  /** The versions of OpenSSH that write it; `5.0` stands for 5.0 or earlier. */
  readonly versions: string;
  readonly read: Reader;
}
