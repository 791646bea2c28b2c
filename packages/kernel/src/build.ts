import {
  ConfigError,
  type ConfigPath,
  type ConfigProblem,
  type Logger,
  reasonOf,
} from '@remand/api';
import { noCommands, silentLogger, systemClock } from './defaults.ts';
import type { FilterGroup } from './detect/dispatch.ts';
import { JailState } from './detect/jail-state.ts';
import { DisposalStack } from './di/disposal-stack.ts';
import type { Services } from './di/services.ts';
import type { ListSpec } from './enforce/list-spec.ts';
import { type Creatable, createInstance, pluginServices } from './instances.ts';
import type { BundledPlugins, KernelGiven } from './kernel-contract.ts';
import type { NotifierSpec } from './notify/notification-queue.ts';
import { Catalogue } from './plugins/catalogue.ts';
import { type Plan, planKernel } from './plugins/plan.ts';
import { useGroups } from './plugins/use-groups.ts';
import type { SourceSpec } from './sources/source-hub.ts';

const disposeDeadlineMs = 5_000;

/** Everything that is made of plugins, before anything is started. */
export interface Built {
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  readonly jails: readonly JailState[];
  readonly filters: readonly FilterGroup[];
  readonly sources: readonly SourceSpec[];
  readonly lists: readonly ListSpec[];
  readonly notifiers: readonly NotifierSpec[];
  readonly disposals: DisposalStack;
}

export const noPlugins: BundledPlugins = { source: {}, filter: {}, action: {}, notifier: {} };

/** Imports without checks; the daemon passes an import that looks at the file's owner first. */
export const importModule: NonNullable<KernelGiven['importModule']> = ({ specifier }) =>
  import(specifier);

/** What `build` makes of a configuration. */
export interface BuildGiven
  extends Pick<
    KernelGiven,
    'config' | 'bundled' | 'importModule' | 'clock' | 'logger' | 'commands'
  > {
  /** Creates filters only: nothing is read, enforced or told. Everything is still validated. */
  readonly detectOnly?: boolean;
}

/** Finds plugins, validates options and creates every instance. @throws ConfigError */
export async function build(given: BuildGiven): Promise<Built> {
  const catalogue = await Catalogue.load({
    config: given.config,
    bundled: given.bundled ?? noPlugins,
    importModule: given.importModule ?? importModule,
  });
  const plan = await planKernel(given.config, catalogue);
  if (plan.problems.length > 0) throw refused(plan.problems);
  const clock = given.clock ?? systemClock;
  const logger = given.logger ?? silentLogger;
  const services = pluginServices({ clock, logger, commands: given.commands ?? noCommands });
  const disposals = new DisposalStack(clock, disposeDeadlineMs);
  const maker = new Maker(services, disposals, logger);
  const jails = plan.jails.map(({ config }) => new JailState(config, given.config.maxTracked));
  const built = {
    plan,
    catalogue,
    jails,
    notifiers: given.detectOnly ? [] : maker.notifiers(plan),
    lists: given.detectOnly || given.config.observe ? [] : maker.lists(plan),
    filters: maker.filters(plan, jails),
    sources: given.detectOnly ? [] : maker.sources(plan),
    disposals,
  };
  if (maker.problems.length === 0) return built;
  await disposals.disposeAll();
  throw refused(maker.problems);
}

function refused(problems: readonly ConfigProblem[]): ConfigError {
  const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`;
  return new ConfigError('CONFIG_INVALID', `the configuration has ${count}`, { problems });
}

/** Creates instances and gathers what goes wrong, so that one start shows all of it. */
class Maker {
  readonly problems: ConfigProblem[] = [];
  readonly #services: Services;
  readonly #disposals: DisposalStack;
  readonly #logger: Logger;

  constructor(services: Services, disposals: DisposalStack, logger: Logger) {
    this.#services = services;
    this.#disposals = disposals;
    this.#logger = logger;
  }

  filters({ jails: planned }: Plan, jails: readonly JailState[]): FilterGroup[] {
    return useGroups(planned.map(({ filter }) => filter)).flatMap(({ use, indexes }) => {
      const names = indexes.map((index) => planned[index]?.config.name ?? '');
      const id = `filter ${use.plugin.name} of ${names.join(', ')}`;
      const filter = this.#make(id, use, { options: use.options });
      const its = indexes.flatMap((index) => jails[index] ?? []);
      return filter ? [{ filter, jails: its }] : [];
    });
  }

  sources({ jails: planned }: Plan): SourceSpec[] {
    const wanted = planned.flatMap((jail) => jail.sources.map((use) => ({ jail, use })));
    const specs: SourceSpec[] = [];
    for (const name of new Set(wanted.map(({ use }) => use.plugin.name))) {
      const its = wanted.filter(({ use }) => use.plugin.name === name);
      const groups = useGroups(its.map(({ use }) => use));
      const uses = groups.map(({ use, indexes }, number) => {
        const jails = [...new Set(indexes.flatMap((index) => its[index]?.jail ?? []))];
        return {
          id: `${name}#${number}`,
          jails: jails.map(({ config }) => config.name),
          options: use.options,
          lookBackMs: Math.max(...jails.map(({ config }) => config.findTimeMs)),
        };
      });
      const first = groups[0]?.use;
      const source = first && this.#make(`source ${name}`, first, { uses });
      if (source) specs.push({ name, source, uses });
    }
    return specs;
  }

  lists({ lists }: Plan): ListSpec[] {
    return [...lists.values()].flatMap(({ key, use, holders }) => {
      const action = this.#make(`action ${key}`, use, { list: key, options: use.options });
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
    return notifiers.flatMap((use, index) => {
      const again = notifiers.findIndex((other) => other.plugin.name === use.plugin.name) < index;
      const name = again ? `${use.plugin.name}-${index + 1}` : use.plugin.name;
      const notifier = this.#make(`notifier ${name}`, use, { options: use.options });
      return notifier ? [{ name, notifier, logger: this.#logger }] : [];
    });
  }

  #make<Given, Instance extends { dispose?(): Promise<void> }>(
    id: string,
    use: {
      readonly plugin: Creatable<Given, Instance>;
      readonly use: { readonly path: ConfigPath };
    },
    given: Given,
  ): Instance | undefined {
    try {
      const instance = createInstance(this.#services, use.plugin, given, id);
      this.#disposals.add({ name: id, dispose: async () => instance.dispose?.() });
      return instance;
    } catch (error) {
      this.problems.push({ path: use.use.path, message: reasonOf(error) });
      return undefined;
    }
  }
}
