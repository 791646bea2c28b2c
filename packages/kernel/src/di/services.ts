import 'reflect-metadata';
import { InternalError, type Token } from '@remand/api';
import { type DependencyContainer, container as library } from 'tsyringe';

/**
 * What the kernel injects, behind tsyringe. One root per kernel and a child per plugin instance.
 * Only built values are registered: a singleton that a child resolves first would live and die
 * with that child. The library's global container stays empty; nothing is disposed by it, since
 * it disposes dependencies first and stops at the first throw (see `DisposalStack`).
 */
export class Services {
  readonly #container: DependencyContainer;

  private constructor(container: DependencyContainer) {
    this.#container = container;
  }

  static root(): Services {
    return new Services(library.createChildContainer());
  }

  child(): Services {
    return new Services(this.#container.createChildContainer());
  }

  /** Registers a value for this container and its children. */
  provide<T>(token: Token<T>, value: T): void {
    this.#container.register(token, { useValue: value });
  }

  /** @throws InternalError when nothing is registered: tsyringe would pass `undefined` on. */
  get<T>(token: Token<T>): T {
    if (!this.has(token)) {
      throw new InternalError(`nothing is registered for ${String(token.description)}`);
    }
    return this.#container.resolve<T>(token);
  }

  has(token: Token<unknown>): boolean {
    return this.#container.isRegistered(token, true);
  }
}
