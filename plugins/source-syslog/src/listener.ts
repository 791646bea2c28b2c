import type { Clock } from '@remand/api';
import type { AllowList } from './allow-list.ts';
import type { LineSink } from './line-sink.ts';
import type { SyslogOptions } from './options.ts';
import type { Senders } from './senders.ts';
import type { Tally } from './tally.ts';

/** One socket that messages come in by. */
export interface Listener {
  /** What a person would call it. */
  readonly label: string;
  /** Resolves when it listens; rejects when it cannot, with nothing left behind. */
  open(failed: (error: Error) => void): Promise<void>;
  close(): Promise<void>;
}

/** What the listeners of a use have in common. */
export interface ListenerGiven {
  readonly clock: Clock;
  readonly options: SyslogOptions;
  readonly allowed: AllowList;
  readonly senders: Senders;
  readonly sink: LineSink;
  readonly tally: Tally;
  readonly maxLineBytes: number;
}
