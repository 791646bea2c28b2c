import type { Clock } from '@remand/api';
import { ActionCaller } from './action-caller.ts';
import { EntryTable } from './entry-table.ts';
import type { DesiredState, EnforceListener, ListSpec, RowStore } from './list-spec.ts';
import { ListWork } from './list-work.ts';
import { RowKeeper } from './row-keeper.ts';
import { Troubles } from './troubles.ts';

/** What one list knows and does; the actor decides when. */
export interface ListCore {
  readonly spec: ListSpec;
  readonly desired: DesiredState;
  readonly caller: ActionCaller;
  readonly table: EntryTable;
  readonly troubles: Troubles;
  readonly rows: RowKeeper;
  readonly work: ListWork;
}

export function listCore(given: {
  readonly spec: ListSpec;
  readonly desired: DesiredState;
  readonly rows: RowStore;
  readonly clock: Clock;
  readonly listener: EnforceListener;
  /** A call ended after its deadline. */
  readonly onLate: () => void;
  readonly onReread: () => void;
}): ListCore {
  const { spec, desired, clock, onLate } = given;
  const what = `action ${spec.key}`;
  const caller = new ActionCaller({ action: spec.action, clock, what, onLate });
  const table = new EntryTable();
  const troubles = new Troubles();
  const rows = new RowKeeper({ store: given.rows, list: spec.key, table });
  const work = new ListWork({ ...given, caller, table, rows, troubles });
  return { spec, desired, caller, table, troubles, rows, work };
}
