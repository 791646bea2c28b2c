import { type Change, InternalError, printedTarget, type Target } from '@remand/api';
import type { Options } from './options.ts';

/** The argv and lines of one list, as ipfw(8) of FreeBSD describes them. */
export class Layout {
  /** `remand`, with a name `remand-web`, or a number where tables have no names. */
  readonly table: string;
  /** Whether the table has to be made, and can be destroyed. */
  readonly isNamed: boolean;
  /** What `ipfw list` prints of the rule, without its number. */
  readonly rule: string;
  readonly #number: number;

  /** @param list the key: `ipfw`, or `ipfw/web` */
  constructor(list: string, { rule, table }: Options) {
    const [, name] = list.split('/');
    if (!/^[a-z0-9-]{1,20}$/.test(name ?? 'remand')) {
      throw new InternalError(`"${name}" cannot name a table`);
    }
    this.isNamed = table === undefined;
    const named = name === undefined ? 'remand' : `remand-${name}`;
    this.table = table === undefined ? named : String(table);
    this.rule = `deny ip from table(${this.table}) to any`;
    this.#number = rule;
  }

  get info(): readonly string[] {
    return ['ipfw', 'table', this.table, 'info'];
  }

  get create(): readonly string[] {
    return ['ipfw', 'table', this.table, 'create', 'type', 'addr'];
  }

  get list(): readonly string[] {
    return ['ipfw', 'table', this.table, 'list'];
  }

  /** Takes the table away, or what is in it where it cannot go. */
  get clear(): readonly string[] {
    return ['ipfw', '-q', 'table', this.table, this.isNamed ? 'destroy' : 'flush'];
  }

  get addRule(): readonly string[] {
    return ['ipfw', '-q', 'add', String(this.#number), ...this.rule.split(' ')];
  }

  get deleteRule(): readonly string[] {
    return ['ipfw', '-q', 'delete', String(this.#number)];
  }

  /** What stands under the number of the rule, in what `ipfw list` printed. */
  rulesIn(printed: string): readonly string[] {
    return Array.from(printed.matchAll(/^([0-9]+) +(.*)$/gm)).flatMap(([, number, body = '']) =>
      Number(number) === this.#number ? [body.trim()] : [],
    );
  }

  /** Commands that delete this rule under other numbers, where an earlier life put it. */
  deleteStrays(printed: string): readonly string[] {
    const isStray = new Map<string, boolean>();
    for (const [, number = '', body = ''] of printed.matchAll(/^([0-9]+) +(.*)$/gm)) {
      const isOurs = Number(number) !== this.#number && body.trim() === this.rule;
      isStray.set(number, isOurs && (isStray.get(number) ?? true));
    }
    return [...isStray].flatMap(([number, is]) => (is ? [`delete ${Number(number)}`] : []));
  }

  /** For `ipfw -q FILE`: with -q an add of what is there and a delete of nothing are fine. */
  line({ op, target }: Change): string {
    return `table ${this.table} ${op === 'remove' ? 'delete' : 'add'} ${withWidth(target)}`;
  }
}

/** Reads what `ipfw table NAME list` printed: `198.51.100.1/32 0`. */
export function targetsIn(printed: string): readonly Target[] {
  return Array.from(printed.matchAll(/^([0-9a-f.:]+\/[0-9]+) /gm), ([, target = '']) =>
    printedTarget(target).replace(target.includes(':') ? /\/128$/ : /\/32$/, ''),
  );
}

/** Without a width an old ipfw takes a v6 address for the name of an interface. */
function withWidth(target: Target): string {
  if (target.includes('/')) return target;
  return `${target}/${target.includes(':') ? 128 : 32}`;
}
