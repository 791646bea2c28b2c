import type { Action } from './action.ts';
import type { Filter } from './filter.ts';
import type { Notifier } from './notifier.ts';
import type { OptionsOf, OptionsSchema } from './options-schema.ts';
import type { Framing, Source, SourcePresence, SourceUse, UsualSource } from './source.ts';
import type { Injected, PluginToken } from './token.ts';

/**
 * The version of these contracts. It rises when a plugin that was correct could stop being so;
 * additions that are optional do not raise it. See `judgeApiVersion`.
 */
export const apiVersion = 1;

/** The oldest version of these contracts for which a plugin may have been built. */
export const oldestApiVersion = 1;

export type PluginKind = 'source' | 'filter' | 'action' | 'notifier';

type Tokens = readonly PluginToken<unknown>[];

interface PluginBase<Kind extends PluginKind, Schema, Inject> {
  readonly kind: Kind;
  /** What an rc file calls it, `[a-z0-9-]{1,40}`. Unique within a kind. */
  readonly name: string;
  /** Write `apiVersion: 1`: the number that you built for, not an import of `apiVersion`. */
  readonly apiVersion: 1;
  /** One sentence for `remand plugins`. */
  readonly summary: string;
  /** Validates the options in the rc file and gives them their defaults. */
  readonly options: Schema;
  /** What `create` gets after its first argument, in this order. */
  readonly inject: Inject;
}

/** `create` is called once; `uses` holds every use of this source in the configuration. */
export interface SourcePlugin<Schema extends OptionsSchema, Inject extends Tokens>
  extends PluginBase<'source', Schema, Inject> {
  /**
   * The options for a bare string or list in the rc (`sources: [/var/log/auth.log]`), when this
   * source is the one that such a form means. Only `file` has it.
   */
  readonly shorthand?: (value: string) => unknown;
  /**
   * How the lines of these options will be read, as their batches will say. `remand explain` asks,
   * for nothing is read then; it must be pure. Absent: as a batch without a word about it.
   */
  framing?(options: OptionsOf<Schema>): Framing;
  /**
   * Says whether these options find lines on this machine, for a jail that names no sources. Called
   * before `create`, within ten seconds; it leaves nothing at work. A throw counts as `absent`.
   */
  look?(
    given: { readonly options: OptionsOf<Schema> },
    ...injected: Injected<Inject>
  ): Promise<SourcePresence>;
  create(
    given: { readonly uses: readonly SourceUse<OptionsOf<Schema>>[] },
    ...injected: Injected<Inject>
  ): Source;
}

/** `create` is called once per set of equal options: the jails that have them share a filter. */
export interface FilterPlugin<Schema extends OptionsSchema, Inject extends Tokens>
  extends PluginBase<'filter', Schema, Inject> {
  /**
   * What is right about valid options and will still come as a surprise, one sentence each, for
   * `remand check`; it must be pure.
   */
  remarks?(options: OptionsOf<Schema>): readonly string[];
  /**
   * Where the service usually logs, the best first: a jail that names no sources takes the first one
   * that has lines. Pure. Absent: such a jail is a mistake.
   */
  usualSources?(options: OptionsOf<Schema>): readonly UsualSource[];
  /**
   * What a jail of it does for a machine that has such a log, as half a sentence: `bans who guesses
   * passwords of OpenSSH`. `remand init` writes such a jail where the log is. Absent: it leaves that
   * to the administrator.
   */
  readonly suggested?: string;
  create(given: { readonly options: OptionsOf<Schema> }, ...injected: Injected<Inject>): Filter;
}

/** `create` is called once per list. */
export interface ActionPlugin<Schema extends OptionsSchema, Inject extends Tokens>
  extends PluginBase<'action', Schema, Inject> {
  /**
   * `own`: the list lives in containers that remand made; everything in them is ours.
   * `shared`: others keep entries there too; only what remand recorded is ours.
   */
  readonly ownership: 'own' | 'shared';
  /** `jail`: a list per holder, `<name>/<holder>`. `host`: one list, `<name>`, for all holders. */
  readonly scope: 'jail' | 'host';
  /**
   * Whether the firewall still blocks after a reboot of the machine, before remand runs. Absent: that
   * depends on what the options name. For the documentation: every list is entered anew at a start.
   */
  readonly outlivesReboot?: boolean;
  /** True for an action that blocks nothing (`observe`). */
  readonly observesOnly?: boolean;
  /**
   * Names the list, when options decide it; holders with an equal key share one list. Called
   * before `create`, more than once; must be pure. Default: by `scope`.
   */
  listKey?(options: OptionsOf<Schema>, holder: string): string;
  create(
    given: { readonly list: string; readonly options: OptionsOf<Schema> },
    ...injected: Injected<Inject>
  ): Action;
}

/** `create` is called once per entry under `notifiers:`. */
export interface NotifierPlugin<Schema extends OptionsSchema, Inject extends Tokens>
  extends PluginBase<'notifier', Schema, Inject> {
  create(given: { readonly options: OptionsOf<Schema> }, ...injected: Injected<Inject>): Notifier;
}

interface PluginsByKind<Schema extends OptionsSchema, Inject extends Tokens> {
  source: SourcePlugin<Schema, Inject>;
  filter: FilterPlugin<Schema, Inject>;
  action: ActionPlugin<Schema, Inject>;
  notifier: NotifierPlugin<Schema, Inject>;
}

/** A plugin whose options and injections are not known to the compiler: what the loader holds. */
// biome-ignore lint/suspicious/noExplicitAny: a variance-free "some plugin of this kind" needs it
export type AnyPlugin<Kind extends PluginKind = PluginKind> = PluginsByKind<any, any>[Kind];

/**
 * Declares a plugin: the default export of a module, or one of several named exports. Importing
 * the module must have no side effect. Returns its argument; it exists for the types: `create`
 * knows the validated options and what is injected.
 *
 * @example
 * export default definePlugin({
 *   kind: 'notifier',
 *   name: 'log',
 *   apiVersion: 1,
 *   summary: 'Writes each notice to the log.',
 *   options: z.strictObject({}),
 *   inject: [pluginTokens.logger],
 *   create: (_given, logger) => ({
 *     deliver: async (notices) => {
 *       for (const notice of notices) logger.info('notice', { summary: notice.summary });
 *     },
 *   }),
 * });
 */
export function definePlugin<Schema extends OptionsSchema, const Inject extends Tokens>(
  definition: SourcePlugin<Schema, Inject>,
): SourcePlugin<Schema, Inject>;
export function definePlugin<Schema extends OptionsSchema, const Inject extends Tokens>(
  definition: FilterPlugin<Schema, Inject>,
): FilterPlugin<Schema, Inject>;
export function definePlugin<Schema extends OptionsSchema, const Inject extends Tokens>(
  definition: ActionPlugin<Schema, Inject>,
): ActionPlugin<Schema, Inject>;
export function definePlugin<Schema extends OptionsSchema, const Inject extends Tokens>(
  definition: NotifierPlugin<Schema, Inject>,
): NotifierPlugin<Schema, Inject>;
export function definePlugin(definition: AnyPlugin): AnyPlugin {
  return definition;
}
