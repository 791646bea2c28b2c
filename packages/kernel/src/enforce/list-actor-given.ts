import type { Clock, FlushOutcome, Logger } from '@remand/api';
import type { DesiredState, EnforceListener, ListSpec, RowStore } from './list-spec.ts';

export interface ListActorGiven {
  readonly spec: ListSpec;
  readonly desired: DesiredState;
  readonly rows: RowStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listener: EnforceListener;
}

export type FlushResult = FlushOutcome['lists'][number];
