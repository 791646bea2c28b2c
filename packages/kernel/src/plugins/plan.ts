import { isDeepStrictEqual } from 'node:util';
import type {
  ActionPlugin,
  AnyPlugin,
  ConfigProblem,
  FilterPlugin,
  JailConfig,
  KernelConfig,
  NetworkConfig,
  NotifierPlugin,
  OptionsSchema,
  PluginKind,
  PluginUse,
  RungConfig,
  SourcePlugin,
} from '@remand/api';
import { holderName, networkHolder, printable, reasonOf, reservedHolders } from '@remand/api';
import { parseRange } from '../address/parse-target.ts';
import { networkProblems } from '../escalate/network-problems.ts';
import { rungProblems } from '../escalate/rung-problems.ts';
import type { Catalogue } from './catalogue.ts';
import { type ResolvedUse, resolveUse } from './resolve-use.ts';

type Unknown = OptionsSchema;
type NoTokens = readonly never[];

export interface PlannedJail {
  readonly config: JailConfig;
  readonly filter: ResolvedUse<FilterPlugin<Unknown, NoTokens>>;
  readonly sources: readonly ResolvedUse<SourcePlugin<Unknown, NoTokens>>[];
  /** Keys of the lists that its holds are on. */
  readonly lists: readonly string[];
}

export interface PlannedList {
  readonly key: string;
  readonly use: ResolvedUse<ActionPlugin<Unknown, NoTokens>>;
  readonly holders: Set<string>;
}

export interface PlannedRung {
  readonly config: RungConfig;
  /** Keys of the lists that its own actions make; without any it uses those of the jail. */
  readonly lists?: readonly string[];
}

/** A configuration with its plugins found and its options validated: what a kernel is built of. */
export interface Plan {
  readonly jails: readonly PlannedJail[];
  /** The lowest first; one that counts the escalations of another comes after it. */
  readonly rungs: readonly PlannedRung[];
  /** Keys of the lists that the actions of `network` make; without any it uses those of the jail. */
  readonly networkLists?: readonly string[];
  readonly lists: ReadonlyMap<string, PlannedList>;
  /** The lists that the default actions make for `admin`. */
  readonly adminLists: readonly string[];
  readonly notifiers: readonly ResolvedUse<NotifierPlugin<Unknown, NoTokens>>[];
  readonly problems: readonly ConfigProblem[];
}

/** Finds and validates everything that a configuration names; gathers every problem. */
export async function planKernel(
  config: KernelConfig,
  catalogue: Catalogue,
  looseUses: readonly { readonly kind: PluginKind; readonly use: PluginUse }[] = [],
): Promise<Plan> {
  const planner = new Planner(catalogue);
  for (const [index, entry] of config.neverBan.entries()) planner.checkNeverBan(entry, index);
  for (const filter of config.filters ?? []) await planner.ownFilter(filter);
  const jails: PlannedJail[] = [];
  for (const jail of config.jails) {
    const planned = await planner.jail(jail, config.observe || jail.observe);
    if (planned) jails.push(planned);
  }
  const { escalation = [] } = config;
  const rungs: PlannedRung[] = [];
  for (const rung of escalation) rungs.push(await planner.rung(rung));
  planner.problems.push(...rungProblems(escalation, config.jails));
  planner.borrowLists(jails, rungs);
  const networkLists = await planner.network(config.network, jails);
  planner.problems.push(...networkProblems(config));
  const adminLists = await planner.lists(config.observe ? [] : config.defaultActions, 'admin');
  const notifiers: ResolvedUse<NotifierPlugin<Unknown, NoTokens>>[] = [];
  for (const use of config.notifiers) {
    const resolved = await planner.use('notifier', use);
    if (resolved) notifiers.push(resolved);
  }
  for (const { kind, use } of looseUses) await planner.use(kind, use);
  return {
    jails,
    rungs: lowestFirst(rungs),
    ...(networkLists && { networkLists }),
    lists: planner.planned,
    adminLists,
    notifiers,
    problems: distinct([...catalogue.problems, ...planner.problems]),
  };
}

/** An action of the defaults is planned for each jail that has it, and is wrong only once. */
function distinct(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const keyOf = ({ path, message }: ConfigProblem) => JSON.stringify([path, message]);
  return [...new Map(problems.map((problem) => [keyOf(problem), problem])).values()];
}

/** The lists that holders have of their own, by the holders' names. */
export function listsByHolder({
  jails,
  rungs,
  networkLists,
}: Pick<Plan, 'jails' | 'rungs' | 'networkLists'>): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ...jails.map(({ config, lists }) => [config.name, lists] as const),
    ...rungs.flatMap(({ config, lists }) => (lists ? [[config.name, lists] as const] : [])),
    ...(networkLists ? [[networkHolder, networkLists] as const] : []),
  ]);
}

/** Those that count bans by how many, then those that count escalations by how deep. */
function lowestFirst(rungs: readonly PlannedRung[]): readonly PlannedRung[] {
  const depth = (rung: PlannedRung) => below(rung, rungs).length;
  return rungs.toSorted(
    (left, right) => depth(left) - depth(right) || left.config.after - right.config.after,
  );
}

/** The rungs below one, the nearest first. */
function below(rung: PlannedRung, rungs: readonly PlannedRung[]): readonly PlannedRung[] {
  const way: PlannedRung[] = [];
  let { of } = rung.config;
  while (of !== undefined) {
    const next = rungs.find(({ config }) => config.name === of);
    // A circle is a mistake that is found elsewhere.
    if (!next || next === rung || way.includes(next)) break;
    way.push(next);
    of = next.config.of;
  }
  return way;
}

function jailsBelow(rung: PlannedRung, rungs: readonly PlannedRung[]) {
  return (below(rung, rungs).at(-1) ?? rung).config.jails;
}

class Planner {
  readonly problems: ConfigProblem[] = [];
  readonly planned = new Map<string, PlannedList>();
  readonly #catalogue: Catalogue;
  readonly #names = new Map<string, 'jail' | 'rung'>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  async use<Kind extends 'source' | 'filter' | 'action' | 'notifier'>(
    kind: Kind,
    use: PluginUse,
  ): Promise<ResolvedUse<AnyPlugin<Kind>> | undefined> {
    const plugin = await this.#catalogue.find(kind, use.name, use.path);
    return plugin && (await resolveUse(plugin, use, this.problems));
  }

  /** One that the configuration describes under a name of its own. */
  async ownFilter(use: PluginUse): Promise<void> {
    const name = use.given?.name ?? use.name;
    if (use.given && this.#catalogue.names('filter').includes(name)) {
      this.problems.push({
        path: use.given.path,
        at: 'key',
        message: `there is a filter named "${printable(name)}" already`,
        hint: 'give yours another name',
      });
    }
    await this.use('filter', use);
  }

  async jail(config: JailConfig, observe: boolean): Promise<PlannedJail | undefined> {
    this.#checkName('jail', config);
    const filter = await this.use('filter', config.filter);
    const sources = [];
    for (const source of config.sources) {
      const resolved = await this.use('source', source);
      if (resolved) sources.push(resolved);
    }
    if (config.sources.length === 0) {
      this.problems.push({
        path: config.path,
        message: `jail ${config.name} has no sources`,
        hint: 'its filter names none: write them, such as sources: [/var/log/auth.log]',
      });
    }
    const { banTimeMs, banGrowth, maxRetry, knownMaxRetry } = config;
    if (knownMaxRetry && knownMaxRetry.maxRetry > maxRetry) {
      this.problems.push({
        path: [...config.path, 'maxRetry', 'known'],
        message: `jail ${config.name} gives a known offender more tries (${knownMaxRetry.maxRetry}) than anybody (${maxRetry})`,
        hint: 'lower known, or raise first',
      });
    }
    if (banGrowth && banGrowth.maxMs < (banTimeMs ?? 0)) {
      this.problems.push({
        path: [...config.path, 'banTime', 'max'],
        message: `the longest ban of jail ${config.name} is shorter than its first`,
        hint: 'raise max, or lower first',
      });
    }
    const lists = await this.lists(config.actions, config.name);
    if (config.actions.length === 0 && !observe) {
      this.problems.push({
        path: config.path,
        message: `jail ${config.name} has no actions, so it would ban nobody`,
        hint: 'actions: [nftables], or observe: true',
      });
    }
    return filter && { config, filter, sources, lists };
  }

  async rung(config: RungConfig): Promise<PlannedRung> {
    this.#checkName('rung', config);
    if (!config.actions) return { config };
    return { config, lists: await this.lists(config.actions, config.name) };
  }

  /** A rung without actions is on the lists of the jails that can fire it. */
  borrowLists(jails: readonly PlannedJail[], rungs: readonly PlannedRung[]): void {
    for (const rung of rungs) {
      if (rung.lists) continue;
      const wanted = jailsBelow(rung, rungs);
      for (const jail of jails) {
        if (wanted && !wanted.includes(jail.config.name)) continue;
        for (const list of jail.lists) this.planned.get(list)?.holders.add(rung.config.name);
      }
    }
  }

  /** The keys of the lists of range holds; undefined where they are on those of the jails. */
  async network(
    config: NetworkConfig | undefined,
    jails: readonly PlannedJail[],
  ): Promise<readonly string[] | undefined> {
    if (!config) return undefined;
    if (config.actions) return this.lists(config.actions, networkHolder);
    for (const { config: jail, lists } of jails) {
      if (config.jails && !config.jails.includes(jail.name)) continue;
      for (const list of lists) this.planned.get(list)?.holders.add(networkHolder);
    }
    return undefined;
  }

  /** The keys of the lists that actions make for a holder. */
  async lists(uses: readonly PluginUse[], holder: string): Promise<readonly string[]> {
    const keys: string[] = [];
    for (const use of uses) {
      const resolved = await this.use('action', use);
      const key = resolved && this.#listKey(resolved, holder);
      if (resolved && key !== undefined) {
        this.#addList(key, resolved, holder);
        if (!keys.includes(key)) keys.push(key);
      }
    }
    return keys;
  }

  #listKey(
    { plugin, options, use }: ResolvedUse<ActionPlugin<Unknown, NoTokens>>,
    holder: string,
  ): string | undefined {
    try {
      if (plugin.listKey) return plugin.listKey(options, holder);
    } catch (error) {
      const message = `action ${plugin.name} cannot name its list: ${printable(reasonOf(error))}`;
      this.problems.push({ path: use.path, message });
      return undefined;
    }
    return plugin.scope === 'host' ? plugin.name : `${plugin.name}/${holder}`;
  }

  #addList(key: string, use: ResolvedUse<ActionPlugin<Unknown, NoTokens>>, holder: string): void {
    const known = this.planned.get(key);
    if (!known) {
      this.planned.set(key, { key, use, holders: new Set([holder]) });
      return;
    }
    if (!isDeepStrictEqual(known.use.options, use.options)) {
      this.problems.push({
        path: use.use.path,
        message: `list ${printable(key)} is given other options here than by ${[...known.holders].join(', ')}`,
        hint: 'holders that share a list need equal options',
      });
    }
    known.holders.add(holder);
  }

  checkNeverBan(entry: string, index: number): void {
    const looksNumeric = /^[0-9.]+$|[:/]/.test(entry);
    if (parseRange(entry)) return;
    if (!looksNumeric && hostName.test(entry)) return;
    this.problems.push({
      path: ['neverBan', index],
      message: `got "${printable(entry, 80)}", wanted an address, a range such as 192.0.2.0/24, or a host name`,
    });
  }

  #checkName(what: 'jail' | 'rung', { name, path }: Pick<JailConfig, 'name' | 'path'>): void {
    const other = this.#names.get(name);
    const message = !holderName.test(name)
      ? `the name of a ${what} must be 1 to 20 of a-z, 0-9 and -, got "${printable(name, 60)}"`
      : reservedHolders.includes(name)
        ? `"${name}" is a name that remand uses itself`
        : other === what
          ? `there are two ${what}s named "${name}"`
          : other !== undefined
            ? `there is a ${other} named "${name}"; jails and rungs share their names`
            : undefined;
    this.#names.set(name, what);
    if (message === undefined) return;
    this.problems.push(
      what === 'jail' ? { path, message, at: 'key' } : { path: [...path, 'name'], message },
    );
  }
}

/** RFC 1123 §2.1, with underscores as they occur. */
const hostName = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*\.?$/i;
