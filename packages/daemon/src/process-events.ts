/** What the surroundings of a daemon can tell it. */
export interface ProcessEvents {
  /** A request to end. */
  onTerminate(listener: (signal: string) => void): void;
  onHangup(listener: () => void): void;
  /** An error that nobody caught: the state of this process is not known any more. */
  onUncaught(listener: (error: unknown) => void): void;
  /** Ends the process at once. */
  exit(code: number): void;
  /** Ends listening. */
  release(): void;
}

/** The signals and errors of this process. */
export function processEvents(): ProcessEvents {
  const listening: (readonly [string, (...args: never[]) => void])[] = [];
  const listen = (event: string, listener: (...args: never[]) => void) => {
    process.on(event, listener as () => void);
    listening.push([event, listener]);
  };
  return {
    onTerminate: (listener) => {
      for (const signal of ['SIGTERM', 'SIGINT']) listen(signal, () => listener(signal));
    },
    onHangup: (listener) => listen('SIGHUP', listener),
    onUncaught: (listener) => {
      listen('uncaughtException', (error: unknown) => listener(error));
      listen('unhandledRejection', (error: unknown) => listener(error));
    },
    exit: (code) => process.exit(code),
    release: () => {
      for (const [event, listener] of listening) process.off(event, listener as () => void);
    },
  };
}
