/** Runs steps one after another while there is something to do. */
export class StepLoop {
  readonly #step: () => Promise<boolean>;
  readonly #onError: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #kicked = false;

  /** `step` returns false when nothing is left to do; `onError` must see to it that it does. */
  constructor(step: () => Promise<boolean>, onError: (error: unknown) => void) {
    this.#step = step;
    this.#onError = onError;
  }

  /** There may be something to do. It begins in a microtask: later this tick all is together. */
  kick(): void {
    this.#kicked = true;
    this.#running ??= Promise.resolve().then(() => this.#run());
  }

  /** Resolves when there is nothing to do. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#kicked) {
        this.#kicked = false;
        try {
          while (await this.#step());
        } catch (error) {
          this.#onError(error);
        }
      }
    } finally {
      this.#running = undefined;
    }
  }
}
