import type { ProcessEvents } from '../../src/process-events.ts';

export interface FakeEvents extends ProcessEvents {
  terminate(signal: string): void;
  hangup(): void;
  uncaught(error: unknown): void;
  readonly exits: number[];
  isReleased(): boolean;
}

/** Signals and errors that a test raises by hand. */
export function fakeEvents(): FakeEvents {
  const terminations: ((signal: string) => void)[] = [];
  const hangups: (() => void)[] = [];
  const uncaughts: ((error: unknown) => void)[] = [];
  const exits: number[] = [];
  let released = false;
  return {
    exits,
    isReleased: () => released,
    onTerminate: (listener) => void terminations.push(listener),
    onHangup: (listener) => void hangups.push(listener),
    onUncaught: (listener) => void uncaughts.push(listener),
    exit: (code) => void exits.push(code),
    release: () => {
      released = true;
    },
    terminate: (signal) => {
      for (const listener of terminations) listener(signal);
    },
    hangup: () => {
      for (const listener of hangups) listener();
    },
    uncaught: (error) => {
      for (const listener of uncaughts) listener(error);
    },
  };
}
