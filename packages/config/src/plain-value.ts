import { type ConfigPath, printable } from '@remand/api';
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

/** Nodes that aliases may repeat in a whole file: far more than anybody means to write. */
const mostAliased = 10_000;
const deepest = 100;

export interface PlainProblem {
  readonly path: ConfigPath;
  readonly node: Node | null;
  readonly message: string;
}

/**
 * Turns a YAML document into plain JavaScript values and finds what YAML allows and an rc file does
 * not: a key given twice, `__proto__`, endless or multiplying aliases.
 *
 * A whole number that is not written in plain digits (`010`, `1e3`, `0x10`) becomes its own text, so
 * that whoever wants a number refuses it and shows what was written.
 */
export class PlainValue {
  readonly problems: PlainProblem[] = [];
  readonly value: unknown;
  readonly #anchors = new Map<string, Node>();
  readonly #refused = new Set<Node | null>();
  #aliased = 0;

  constructor(document: Document) {
    this.value = this.#plain(document.contents as Node | null, [], false);
  }

  #plain(node: Node | null, path: ConfigPath, isAliased: boolean): unknown {
    if (isAliased || isAlias(node)) this.#aliased += 1;
    if (path.length > deepest) return this.#refuse(path, node, 'is nested too deeply');
    if (this.#aliased > mostAliased) {
      // One problem, however many places the next ones would fill.
      return this.#aliased === mostAliased + 1
        ? this.#refuse(path, node, 'repeats too much by aliases')
        : null;
    }
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      return target === undefined
        ? this.#refuse(path, node, `nothing before it is called &${printable(node.source, 60)}`)
        : this.#plain(target, path, true);
    }
    // An alias means the last anchor of its name before it, which is the order of this walk.
    if (!isAliased && node?.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#map(node.items as Pair<Node, Node | null>[], path, isAliased);
    if (isSeq(node)) {
      return node.items.map((item, index) =>
        this.#plain(item as Node | null, [...path, index], isAliased),
      );
    }
    return isScalar(node) ? scalarValue(node.value, node.source) : null;
  }

  #map(pairs: readonly Pair<Node, Node | null>[], path: ConfigPath, isAliased: boolean): unknown {
    const entries = new Map<string, unknown>();
    for (const { key, value } of pairs) {
      const name = isScalar(key) ? String(key.value) : '';
      const place = [...path, name];
      if (name === '__proto__') {
        this.#refuse(place, key, 'this key is not allowed anywhere');
      } else if (entries.has(name)) {
        this.#refuse(place, key, `the key "${printable(name, 60)}" is given twice`);
      } else {
        entries.set(name, this.#plain(value, place, isAliased));
      }
    }
    return Object.fromEntries(entries);
  }

  #refuse(path: ConfigPath, node: Node | null, message: string): null {
    // An alias brings the same node to many places.
    if (!this.#refused.has(node)) this.problems.push({ path, node, message });
    this.#refused.add(node);
    return null;
  }
}

function scalarValue(value: unknown, source: string | undefined): unknown {
  if (typeof value === 'bigint') return source ?? String(value);
  if (typeof value !== 'number' || source === undefined) return value;
  const isPlain = Number.isInteger(value)
    ? /^-?(0|[1-9][0-9]*)$/.test(source)
    : /^-?(0|[1-9][0-9]*)\.[0-9]+$/.test(source);
  return isPlain ? value : source;
}
