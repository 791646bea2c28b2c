import type { Match } from '@remand/api';
import type { Shape } from './shapes/shape.ts';
import { behindLevel, unwrap, wrappers } from './unwrap.ts';

/** Tries the shapes whose prefix a message begins with, in the order of the table. */
export class Matcher {
  readonly prefixes: readonly string[];
  /** By the first two characters of the prefix. */
  readonly #shapes = new Map<number, Shape[]>();

  constructor(shapes: readonly Shape[]) {
    this.prefixes = [...new Set([...shapes.map((shape) => shape.prefix), ...wrappers])];
    for (const shape of shapes) {
      const key = startKey(shape.prefix, 0);
      const sameStart = this.#shapes.get(key);
      if (sameStart) sameStart.push(shape);
      else this.#shapes.set(key, [shape]);
    }
  }

  match(message: string): Match | undefined {
    const found = this.#matchAt(message, 0);
    if (found) return found;
    const level = behindLevel(message);
    if (level > 0) return this.#matchAt(message, level);
    for (const wrapper of wrappers) {
      if (!message.startsWith(wrapper)) continue;
      const inner = unwrap(message);
      return this.#matchAt(inner, behindLevel(inner));
    }
    return undefined;
  }

  #matchAt(message: string, start: number): Match | undefined {
    const shapes = this.#shapes.get(startKey(message, start));
    if (shapes === undefined) return undefined;
    for (const { prefix, read } of shapes) {
      if (!message.startsWith(prefix, start)) continue;
      const match = read(message, start + prefix.length);
      if (match) return match;
    }
    return undefined;
  }
}

function startKey(text: string, at: number): number {
  return text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8);
}
