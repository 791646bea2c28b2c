import type { ControlApi } from '@remand/api';
import type { Kernel, ReloadReport } from '@remand/kernel';
import { fakeVerbs } from './fake-verbs.ts';

export interface FakeKernel extends Kernel {
  /** What was called, in order. */
  readonly calls: string[];
}

/** A kernel that does nothing and remembers what it was told. */
export function fakeKernel(
  some: {
    readonly control?: Partial<ControlApi>;
    readonly start?: () => Promise<void>;
    readonly stop?: () => Promise<void>;
    readonly reload?: () => Promise<ReloadReport>;
  } = {},
): FakeKernel {
  const calls: string[] = [];
  return {
    calls,
    control: fakeVerbs(some.control),
    start: async () => {
      calls.push('start');
      await some.start?.();
    },
    stop: async (options = {}) => {
      calls.push(options.flush ? 'stop --flush' : 'stop');
      await some.stop?.();
    },
    reload: async () => {
      calls.push('reload');
      return some.reload ? some.reload() : emptyReport;
    },
    onEntries: () => () => undefined,
  };
}

const nothing = { added: [], changed: [], removed: [] };

export const emptyReport: ReloadReport = {
  jails: nothing,
  rungs: nothing,
  sources: nothing,
  lists: nothing,
  notifiers: nothing,
  emptied: [],
  stranded: [],
};
