import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  ConfigError,
  type ConfigPath,
  type ConfigProblem,
  type KernelConfig,
  type Logger,
  type PluginKind,
  printable,
  reasonOf,
  type SourceUse,
} from '@remand/api';
import { noCommands, silentLogger, systemClock } from './defaults.ts';
import type { FilterGroup } from './detect/dispatch.ts';
import { JailState } from './detect/jail-state.ts';
import { DisposalStack } from './di/disposal-stack.ts';
import type { Services } from './di/services.ts';
import type { ListSpec } from './enforce/list-spec.ts';
import type { Generation, Made } from './generation.ts';
import { type Creatable, createInstance, creationProblem, pluginServices } from './instances.ts';
import type { BundledPlugins, KernelGiven } from './kernel-contract.ts';
import type { NotifierSpec } from './notify/notification-queue.ts';
import { notifierNames } from './notify/notifier-names.ts';
import { Catalogue } from './plugins/catalogue.ts';
import { freezePlain } from './plugins/freeze-plain.ts';
import { importModule } from './plugins/import-module.ts';
import { type Plan, type PlannedList, planKernel } from './plugins/plan.ts';
import type { ResolvedUse } from './plugins/resolve-use.ts';
import { useGroups } from './plugins/use-groups.ts';
import type { SourceSpec } from './sources/source-hub.ts';
import { stillWantedUses } from './sources/still-wanted-uses.ts';

const disposeDeadlineMs = 5_000;

export const noPlugins: BundledPlugins = { source: {}, filter: {}, action: {}, notifier: {} };

export interface BuilderGiven
  extends Pick<KernelGiven, 'bundled' | 'importModule' | 'commands' | 'clock' | 'logger'> {
  /** Creates filters only: nothing is read, enforced or told. Everything is still validated. */
  readonly detectOnly?: boolean;
}

/** Makes generations of one kernel, and releases what is left of them. */
export class Builder {
  readonly disposals: DisposalStack;
  readonly #given: BuilderGiven;
  readonly #services: Services;
  readonly #logger: Logger;

  constructor(given: BuilderGiven) {
    const clock = given.clock ?? systemClock;
    this.#given = given;
    this.#logger = given.logger ?? silentLogger;
    this.disposals = new DisposalStack(clock, disposeDeadlineMs);
    this.#services = pluginServices({
      clock,
      logger: this.#logger,
      commands: given.commands ?? noCommands,
    });
  }

  /**
   * Finds plugins, validates options and creates every instance that `before` does not have.
   * @throws ConfigError with every problem; then nothing is left of it
   */
  async build(config: KernelConfig, before?: Generation): Promise<Generation> {
    const catalogue = await Catalogue.load({
      config,
      bundled: this.#given.bundled ?? noPlugins,
      importModule: this.#given.importModule ?? importModule,
    });
    const plan = await planKernel(config, catalogue);
    if (plan.problems.length > 0) throw refused(plan.problems);
    // Sources were told how long a line may be.
    const canKeepSources = before?.config.maxLineBytes === config.maxLineBytes;
    const known = (before?.instances ?? []).filter(
      ({ kind }) => kind !== 'source' || canKeepSources,
    );
    const maker = this.#maker(known);
    const jails = plan.jails.map((jail) => new JailState(jail.config, config.maxTracked));
    const { detectOnly = false } = this.#given;
    const generation = {
      config,
      plan,
      catalogue,
      jails,
      notifiers: detectOnly ? [] : maker.notifiers(plan),
      lists: detectOnly || config.observe ? [] : maker.lists(plan),
      filters: maker.filters(plan, jails),
      sources: detectOnly ? [] : maker.sources(plan),
      instances: maker.instances,
    };
    if (maker.problems.length === 0) return generation;
    await this.release(generation, before);
    throw refused(maker.problems);
  }

  /** Makes a list that no configuration names any more. @throws what its plugin throws */
  retired(list: PlannedList): { readonly spec: ListSpec; readonly made: Made } {
    const maker = this.#maker([]);
    const [spec] = maker.lists({ lists: new Map([[list.key, list]]) });
    const [made] = maker.instances;
    if (spec && made) return { spec, made };
    throw new Error(maker.problems[0]?.message ?? 'it cannot be created');
  }

  /** Disposes what a generation has and another, if there is one, has not. Never rejects. */
  release(unwanted: Pick<Generation, 'instances'>, wanted?: Generation): Promise<void> {
    const kept = new Set(wanted?.instances);
    return this.dispose(unwanted.instances.filter((made) => !kept.has(made)));
  }

  /** Disposes these, or all. Never rejects. */
  async dispose(made?: readonly Made[]): Promise<void> {
    const { disposals } = this;
    const failures = await (made ? disposals.dispose(made) : disposals.disposeAll());
    for (const { name, error } of failures) {
      this.#logger.warn('dispose-failed', { plugin: name, reason: printable(reasonOf(error)) });
    }
  }

  #maker(before: readonly Made[]): Maker {
    return new Maker({
      services: this.#services,
      disposals: this.disposals,
      logger: this.#logger,
      before,
    });
  }
}

function refused(problems: readonly ConfigProblem[]): ConfigError {
  const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`;
  return new ConfigError('CONFIG_INVALID', `the configuration has ${count}`, { problems });
}

interface MakerGiven {
  readonly services: Services;
  readonly disposals: DisposalStack;
  readonly logger: Logger;
  /** Instances that may be taken over. */
  readonly before: readonly Made[];
}

/** What the ledger calls a filter with its options. */
function filterId({ plugin, options }: ResolvedUse): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(options) ?? '')
    .digest('hex');
  return `${plugin.name}/${hash.slice(0, 16)}`;
}

/** Creates instances and gathers what goes wrong, so that one start shows all of it. */
class Maker {
  readonly problems: ConfigProblem[] = [];
  readonly instances: Made[] = [];
  readonly #given: MakerGiven;

  constructor(given: MakerGiven) {
    this.#given = given;
  }

  filters({ jails: planned }: Plan, jails: readonly JailState[]): FilterGroup[] {
    return useGroups(planned.map(({ filter }) => filter)).flatMap(({ use, indexes }) => {
      const names = indexes.map((index) => planned[index]?.config.name ?? '');
      const name = `filter ${use.plugin.name} of ${names.join(', ')}`;
      const { options } = use;
      const filter = this.#make({ kind: 'filter', place: '', name, options }, use, { options });
      const its = indexes.flatMap((index) => jails[index] ?? []);
      return filter ? [{ filter, jails: its, id: filterId(use) }] : [];
    });
  }

  sources({ jails: planned }: Plan): SourceSpec[] {
    const wanted = planned.flatMap((jail) => jail.sources.map((use) => ({ jail, use })));
    const specs: SourceSpec[] = [];
    for (const place of new Set(wanted.map(({ use }) => use.plugin.name))) {
      const its = wanted.filter(({ use }) => use.plugin.name === place);
      const groups = useGroups(its.map(({ use }) => use));
      const fresh = groups.map(({ use, indexes }, number) => {
        const jails = [...new Set(indexes.flatMap((index) => its[index]?.jail ?? []))];
        return {
          id: `${place}#${number}`,
          jails: jails.map(({ config }) => config.name),
          options: use.options,
          lookBackMs: Math.max(...jails.map(({ config }) => config.findTimeMs)),
        };
      });
      const first = groups[0]?.use;
      const known = this.#usesOf(place);
      const kept = known && stillWantedUses(known, fresh);
      const uses = freezePlain(kept ?? fresh);
      const options = kept ? known : uses;
      const about = { kind: 'source', place, name: `source ${place}`, options } as const;
      const source = first && this.#make(about, first, { uses });
      if (source) specs.push({ name: place, source, uses });
    }
    return specs;
  }

  lists({ lists }: Pick<Plan, 'lists'>): ListSpec[] {
    return [...lists.values()].flatMap(({ key, use, holders }) => {
      const { options } = use;
      const about = { kind: 'action', place: key, name: `action ${key}`, options } as const;
      const action = this.#make(about, use, { list: key, options });
      if (!action) return [];
      const { name, ownership, observesOnly } = use.plugin;
      return [
        {
          key,
          plugin: name,
          action,
          ownership,
          observesOnly: observesOnly ?? false,
          holders: [...holders],
        },
      ];
    });
  }

  notifiers({ notifiers }: Plan): NotifierSpec[] {
    const names = notifierNames(notifiers.map(({ plugin }) => plugin.name));
    return notifiers.flatMap((use, index) => {
      const place = names[index] ?? use.plugin.name;
      const { options } = use;
      const about = { kind: 'notifier', place, name: `notifier ${place}`, options } as const;
      const notifier = this.#make(about, use, { options });
      return notifier ? [{ name: place, notifier, logger: this.#given.logger }] : [];
    });
  }

  /** What the instance of a source was given. */
  #usesOf(place: string): readonly SourceUse<unknown>[] | undefined {
    const known = this.#given.before.find((one) => one.kind === 'source' && one.place === place);
    return known?.options as readonly SourceUse<unknown>[] | undefined;
  }

  #make<Given, Instance extends { dispose?(): Promise<void> }>(
    about: {
      readonly kind: PluginKind;
      readonly place: string;
      readonly name: string;
      readonly options: unknown;
    },
    use: {
      readonly plugin: Creatable<Given, Instance>;
      readonly use: { readonly path: ConfigPath };
    },
    given: Given,
  ): Instance | undefined {
    const { services, disposals, before } = this.#given;
    const known = before.find(
      ({ kind, place, plugin, options }) =>
        kind === about.kind &&
        place === about.place &&
        plugin === use.plugin &&
        isDeepStrictEqual(options, about.options),
    );
    if (known) {
      this.instances.push(known);
      // The same plugin made it.
      return known.instance as Instance;
    }
    try {
      const instance = createInstance(services, use.plugin, given, about.name);
      const dispose = async () => instance.dispose?.();
      const made: Made = { ...about, plugin: use.plugin, instance, dispose };
      disposals.add(made);
      this.instances.push(made);
      return instance;
    } catch (error) {
      this.problems.push(creationProblem(error, use.use.path));
      return undefined;
    }
  }
}
