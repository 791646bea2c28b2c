import {
  CommandError,
  definePlugin,
  type Notice,
  type NotifierPlugin,
  type OptionsSchema,
} from '@remand/api';
import { anyOptions } from './any-options.ts';

export interface RecordingNotifier {
  readonly plugin: NotifierPlugin<OptionsSchema, readonly []>;
  /** Each batch that was delivered, in order. */
  readonly batches: readonly (readonly Notice[])[];
  /** Everything that was delivered, in order. */
  readonly notices: readonly Notice[];
  /** How often `deliver` was called, failures included. */
  readonly attempts: number;
  /** Makes the next `times` deliveries fail. */
  failNext(times?: number, error?: Error): void;
  /** No delivery fails any more. */
  works(): void;
  /** Refuses messages with such a notice for good. */
  refuse(which: (notice: Notice) => boolean): void;
  /** Makes deliveries wait until the returned function is called. */
  hold(): () => void;
}

/** A notifier that keeps what it is given. */
export function recordingNotifier(given: { readonly name?: string } = {}): RecordingNotifier {
  const batches: Notice[][] = [];
  const failures: Error[] = [];
  let attempts = 0;
  let isRefused: (notice: Notice) => boolean = () => false;
  let held: Promise<void> = Promise.resolve();
  const plugin = definePlugin({
    kind: 'notifier',
    name: given.name ?? 'recorder',
    apiVersion: 1,
    summary: 'Keeps what it is given.',
    options: anyOptions,
    inject: [],
    create: () => ({
      deliver: async (notices) => {
        attempts += 1;
        await held;
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        if (notices.some(isRefused)) {
          throw new CommandError('NOTICE_REFUSED', 'no such user', { hint: 'is it spelt right?' });
        }
        batches.push([...notices]);
      },
    }),
  });
  return {
    plugin,
    batches,
    get notices() {
      return batches.flat();
    },
    get attempts() {
      return attempts;
    },
    failNext: (times = 1, error = new Error('made to fail by the test')) => {
      for (let time = 0; time < times; time++) failures.push(error);
    },
    works: () => {
      failures.length = 0;
    },
    refuse: (which) => {
      isRefused = which;
    },
    hold: () => {
      const gate = Promise.withResolvers<void>();
      held = gate.promise;
      return gate.resolve;
    },
  };
}
