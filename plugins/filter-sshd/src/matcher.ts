import type { Match, PatternTrial } from '@remand/api';
import type { Shape } from './shapes/shape.ts';
import { tryShape } from './try-shape.ts';
import { type Inner, innerOf, wrappers } from './unwrap.ts';

/** Tries the shapes whose prefix a message begins with, in the order of the table. */
export class Matcher {
  readonly prefixes: readonly string[];
  readonly #all: readonly Shape[];
  /** By the first two characters of the prefix. */
  readonly #shapes = new Map<number, Shape[]>();

  constructor(shapes: readonly Shape[]) {
    this.#all = shapes;
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
    const inner = innerOf(message);
    return inner && this.#matchAt(inner.text, inner.start);
  }

  /** How far each shape gets, up to the one that matches. */
  explain(message: string): readonly PatternTrial[] {
    const words = this.#wordsOf(message);
    const trials: PatternTrial[] = [];
    for (const shape of this.#all) {
      const trial = tryShape(shape, words, message.length);
      trials.push(trial);
      if (trial.matched) break;
    }
    return trials;
  }

  /** The words that `match` goes by: the message as it is, unless only what it holds fits. */
  #wordsOf(message: string): Inner {
    const whole = { text: message, start: 0, before: 0 };
    return this.#matchAt(message, 0) ? whole : (innerOf(message) ?? whole);
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
