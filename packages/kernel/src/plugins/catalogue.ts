import {
  type AnyPlugin,
  type ConfigPath,
  type ConfigProblem,
  type KernelConfig,
  nearestName,
  type PluginKind,
  type PluginModule,
  printable,
  RemandError,
  reasonOf,
} from '@remand/api';
import type { BundledPlugins } from '../kernel-contract.ts';
import { pluginsOf } from './plugins-of.ts';

export interface CataloguedPlugin {
  readonly plugin: AnyPlugin;
  /** `bundled`, or the module that the configuration names. */
  readonly origin: string;
}

export interface CatalogueGiven {
  readonly config: Pick<KernelConfig, 'plugins'>;
  readonly bundled: BundledPlugins;
  readonly importModule: (module: PluginModule) => Promise<unknown>;
}

/**
 * The plugins that a configuration can name: the bundled ones, imported when they are asked for,
 * and everything that the modules under `plugins:` export. Nothing is scanned.
 */
export class Catalogue {
  readonly #bundled: BundledPlugins;
  readonly #loaded = new Map<string, CataloguedPlugin>();
  readonly problems: ConfigProblem[] = [];

  private constructor(bundled: BundledPlugins) {
    this.#bundled = bundled;
  }

  static async load(given: CatalogueGiven): Promise<Catalogue> {
    const catalogue = new Catalogue(given.bundled);
    for (const module of given.config.plugins) await catalogue.#addModule(module, given);
    return catalogue;
  }

  /** Finds a plugin or adds a problem that names the nearest one. */
  async find<Kind extends PluginKind>(
    kind: Kind,
    name: string,
    path: ConfigPath,
  ): Promise<AnyPlugin<Kind> | undefined> {
    const key = `${kind}/${name}`;
    let found = this.#loaded.get(key);
    const bundled = own(this.#bundled[kind], name);
    if (!found && bundled) {
      found = await this.#importBundled(kind, name, bundled, path);
      if (!found) return undefined;
      this.#loaded.set(key, found);
    }
    // The key begins with the kind, so the plugin is of that kind.
    if (found) return found.plugin as AnyPlugin<Kind>;
    const names = this.names(kind);
    const near = nearestName(name, names);
    this.problems.push({
      path,
      code: 'PLUGIN_NOT_FOUND',
      message: `there is no ${kind} named "${printable(name, 60)}"`,
      hint: near
        ? `did you mean "${near}"?`
        : `there are: ${names.join(', ') || 'none'}; others are listed under plugins:`,
    });
    return undefined;
  }

  /** Finds a plugin without a word when there is none. */
  async look<Kind extends PluginKind>(
    kind: Kind,
    name: string,
  ): Promise<AnyPlugin<Kind> | undefined> {
    return this.names(kind).includes(name) ? this.find(kind, name, []) : undefined;
  }

  /** The names of a kind, sorted. */
  names(kind: PluginKind): readonly string[] {
    const loaded = [...this.#loaded.values()].filter(({ plugin }) => plugin.kind === kind);
    const names = [...Object.keys(this.#bundled[kind]), ...loaded.map(({ plugin }) => plugin.name)];
    return [...new Set(names)].sort();
  }

  /** Imports everything; used by `remand plugins`. */
  async all(): Promise<readonly CataloguedPlugin[]> {
    for (const kind of ['source', 'filter', 'action', 'notifier'] as const) {
      for (const name of this.names(kind)) await this.find(kind, name, []);
    }
    return [...this.#loaded.values()];
  }

  async #importBundled(
    kind: PluginKind,
    name: string,
    load: () => Promise<unknown>,
    path: ConfigPath,
  ): Promise<CataloguedPlugin | undefined> {
    const where = `bundled ${kind} ${name}`;
    try {
      const { plugins, problems } = pluginsOf(await load(), where);
      for (const problem of problems) this.problems.push({ path, ...problem });
      const plugin = plugins.find((one) => one.kind === kind && one.name === name);
      if (plugin) return { plugin, origin: 'bundled' };
      if (problems.length === 0) {
        const message = `${where}: its module exports no such plugin`;
        this.problems.push({ path, message, code: 'PLUGIN_INVALID' });
      }
    } catch (error) {
      const message = `${where} cannot be loaded: ${reason(error)}`;
      this.problems.push({ path, message, code: 'PLUGIN_LOAD' });
    }
    return undefined;
  }

  async #addModule(module: PluginModule, given: CatalogueGiven): Promise<void> {
    const origin = printable(module.specifier, 200);
    const { path } = module;
    let exports: unknown;
    try {
      exports = await given.importModule(module);
    } catch (error) {
      this.problems.push({
        path,
        message: `plugin ${origin} cannot be loaded: ${reason(error)}`,
        ...whyNotLoaded(error),
      });
      return;
    }
    const { plugins, problems } = pluginsOf(exports, origin);
    for (const problem of problems) this.problems.push({ path, ...problem });
    for (const plugin of plugins) {
      const key = `${plugin.kind}/${plugin.name}`;
      const other =
        this.#loaded.get(key)?.origin ??
        (own(this.#bundled[plugin.kind], plugin.name) ? 'remand itself' : undefined);
      if (other === undefined) {
        this.#loaded.set(key, { plugin, origin });
      } else {
        this.problems.push({
          path,
          message: `the ${plugin.kind} "${plugin.name}" of ${origin} has the name of one of ${other}`,
          hint: 'list only one of the two, or have the author rename it',
          code: 'PLUGIN_DUPLICATE',
        });
      }
    }
  }
}

/** A property of the object itself: a name in an rc file can be `constructor`. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** https://nodejs.org/api/errors.html: what an import of something that is not there throws. */
const missingCodes: readonly unknown[] = ['ERR_MODULE_NOT_FOUND', 'ENOENT', 'ENOTDIR'];

function whyNotLoaded(error: unknown): Pick<ConfigProblem, 'code' | 'hint'> {
  if (error instanceof RemandError) return error.hint === undefined ? {} : { hint: error.hint };
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (missingCodes.includes(code)) {
    return { code: 'PLUGIN_NOT_FOUND', hint: 'install the package, build it, or correct the path' };
  }
  return {
    code: 'PLUGIN_LOAD',
    hint: 'importing a plugin must do nothing: what can fail belongs into start',
  };
}

function reason(error: unknown): string {
  return printable(reasonOf(error), 400);
}
