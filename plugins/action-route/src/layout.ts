import { printedTarget, type Target } from '@remand/api';
import type { Options } from './options.ts';

export type Family = 4 | 6;

export const families: readonly Family[] = [4, 6];

/** Who made a route or rule, as the kernel keeps it; named by nobody in rt_protos. */
const protocol = 114;
/** One for each type, so that a route of the new type can be added before the old one goes. */
const metrics = { blackhole: 114, unreachable: 115 } as const;
/** After the machine's own addresses (0), before every table of others. */
const preference = 72;

/** With numbers where /etc/iproute2 could give names. */
export const ip = ['ip', '-N'];

/** A route as `ip -N route show` prints it. */
export interface ShownRoute {
  readonly target: Target;
  readonly type: Options['type'];
}

/** The routes and the rule of one list. */
export class Layout {
  readonly table: number;
  readonly #type: Options['type'];
  readonly #shownRule: RegExp;

  constructor({ table, type }: Options) {
    this.table = table;
    this.#type = type;
    this.#shownRule = new RegExp(
      `^${preference}:\\s+from all lookup ${table}(?: proto ${protocol})?\\s*$`,
    );
  }

  get rule(): readonly string[] {
    return ['pref', `${preference}`, 'lookup', `${this.table}`, 'protocol', `${protocol}`];
  }

  /** Whether a line of `ip -N rule show` is ours; kernels before 4.17 keep no protocol. */
  isRule(line: string): boolean {
    return this.#shownRule.test(line);
  }

  /** @param target checked by `whyNotEnterable` */
  addition(target: Target): string {
    return `route add ${this.#route(this.route(target))}`;
  }

  removal(route: ShownRoute): string {
    return `route del ${this.#route(route)}`;
  }

  /** The route of a ban, as it should be. */
  route(target: Target): ShownRoute {
    return { target, type: this.#type };
  }

  isRight({ type }: ShownRoute): boolean {
    return type === this.#type;
  }

  #route({ target, type }: ShownRoute): string {
    return `${type} ${target} proto ${protocol} metric ${metrics[type]} table ${this.table}`;
  }
}

const types: ReadonlyMap<string, Options['type']> = new Map([
  ['6', 'blackhole'],
  ['blackhole', 'blackhole'],
  ['7', 'unreachable'],
  ['unreachable', 'unreachable'],
]);

/** The route in a line of `ip -N route show`, if it is one that remand made. */
export function shownRoute(line: string): ShownRoute | undefined {
  const [first = '', target = '', ...rest] = line.trim().split(/\s+/);
  const type = types.get(first);
  const has = (word: string, value: number) => rest[rest.indexOf(word) + 1] === `${value}`;
  const isOurs = type !== undefined && has('proto', protocol) && has('metric', metrics[type]);
  return isOurs ? { target: printedTarget(target), type } : undefined;
}
