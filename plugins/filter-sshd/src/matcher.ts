import type { Match } from '@remand/api';
import type { Shape } from './shapes/shape.ts';
import { unwrap, wrappers } from './unwrap.ts';

/** Tries the shapes whose prefix a message begins with, in the order of the table. */
export class Matcher {
  readonly prefixes: readonly string[];
  /** By the first two characters of the prefix. */
  readonly #shapes = new Map<number, Shape[]>();

  constructor(shapes: readonly Shape[]) {
    this.prefixes = [...new Set([...shapes.map((shape) => shape.prefix), ...wrappers])];
    for (const shape of shapes) {
      const key = startKey(shape.prefix);
      const sameStart = this.#shapes.get(key);
      if (sameStart) sameStart.push(shape);
      else this.#shapes.set(key, [shape]);
    }
  }

  match(message: string): Match | undefined {
    const shapes = this.#shapes.get(startKey(message));
    if (shapes) {
      const found = firstMatch(shapes, message);
      if (found) return found;
    }
    for (const wrapper of wrappers) {
      if (message.startsWith(wrapper)) return this.#matchInner(unwrap(message));
    }
    return undefined;
  }

  #matchInner(message: string): Match | undefined {
    const shapes = this.#shapes.get(startKey(message));
    return shapes && firstMatch(shapes, message);
  }
}

function firstMatch(shapes: readonly Shape[], message: string): Match | undefined {
  for (const { prefix, read } of shapes) {
    if (!message.startsWith(prefix)) continue;
    const match = read(message, prefix.length);
    if (match) return match;
  }
  return undefined;
}

function startKey(text: string): number {
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8);
}
