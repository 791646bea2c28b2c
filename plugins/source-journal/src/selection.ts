import { createHash } from 'node:crypto';
import type { JournalOptions } from './options.ts';

/** The fields of an entry as journalctl writes them in JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** Which entries one use wants. */
export class Selection {
  /** Arguments of journalctl: a field's values are alternatives, fields must all fit. */
  readonly args: readonly string[];
  /** The same for equal wishes, over restarts. */
  readonly key: string;
  readonly #wanted: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(options: JournalOptions) {
    const wanted = new Map<string, Set<string>>();
    for (const [field, value] of pairsOf(options)) {
      const values = wanted.get(field) ?? new Set();
      wanted.set(field, values.add(value));
    }
    this.#wanted = wanted;
    this.args = [...wanted]
      .flatMap(([field, values]) => [...values].map((value) => `${field}=${value}`))
      .sort();
    this.key = createHash('sha256').update(JSON.stringify(this.args)).digest('hex').slice(0, 8);
  }

  get fields(): readonly string[] {
    return [...this.#wanted.keys()];
  }

  accepts(entry: Fields): boolean {
    for (const [field, values] of this.#wanted) {
      const value = entry[field];
      const fits = Array.isArray(value)
        ? value.some((one) => typeof one === 'string' && values.has(one))
        : typeof value === 'string' && values.has(value);
      if (!fits) return false;
    }
    return true;
  }
}

/**
 * The matches of several selections as one disjunction (journalctl(1), `+`). Each gets `common`
 * as well. One that wants everything makes all others superfluous.
 */
export function disjunction(
  selections: readonly Pick<Selection, 'args'>[],
  common: readonly string[] = [],
): readonly string[] {
  if (selections.some(({ args }) => args.length === 0)) return common;
  const clauses = new Map(selections.map(({ args }) => [args.join('\0'), args]));
  return [...clauses.values()].flatMap((args, index) => [
    ...(index === 0 ? [] : ['+']),
    ...args,
    ...common,
  ]);
}

function pairsOf({ identifiers = [], units = [], matches = [] }: JournalOptions) {
  return [
    ...identifiers.map((name) => ['SYSLOG_IDENTIFIER', name] as const),
    ...units.map(
      (name) => ['_SYSTEMD_UNIT', /\.[a-z]+$/.test(name) ? name : `${name}.service`] as const,
    ),
    ...matches.map((match) => {
      const at = match.indexOf('=');
      return [match.slice(0, at), match.slice(at + 1)] as const;
    }),
  ];
}
