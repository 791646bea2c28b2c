import type { KernelConfig, PluginKind } from '@remand/api';
import type { FilterGroup } from './detect/dispatch.ts';
import type { JailState } from './detect/jail-state.ts';
import type { Disposable } from './di/disposal-stack.ts';
import type { ListSpec } from './enforce/list-spec.ts';
import type { NotifierSpec } from './notify/notification-queue.ts';
import type { Catalogue } from './plugins/catalogue.ts';
import type { Plan } from './plugins/plan.ts';
import type { SourceSpec } from './sources/source-hub.ts';

/**
 * Everything that a configuration is made into, before anything is started. A reload puts another
 * one in its place, as a whole; see `docs/decisions/0010-reload.md`.
 */
export interface Generation {
  readonly config: KernelConfig;
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  readonly jails: readonly JailState[];
  readonly filters: readonly FilterGroup[];
  readonly sources: readonly SourceSpec[];
  readonly lists: readonly ListSpec[];
  readonly notifiers: readonly NotifierSpec[];
  /** Every instance of a plugin; those that were taken over are the same objects as before. */
  readonly instances: readonly Made[];
}

/** One instance of a plugin, with what tells whether another configuration wants the same. */
export interface Made extends Disposable {
  readonly kind: PluginKind;
  /** What it is for: the key of a list, the name of a source or notifier; empty for a filter. */
  readonly place: string;
  readonly plugin: unknown;
  readonly options: unknown;
  readonly instance: unknown;
}

/** The places of a kind whose instance was taken over from an earlier generation. */
export function keptPlaces(
  before: Generation,
  now: Generation,
  kind: PluginKind,
): ReadonlySet<string> {
  const kept = now.instances.filter(
    (made) => made.kind === kind && before.instances.includes(made),
  );
  return new Set(kept.map(({ place }) => place));
}

/** The lists that another generation does not have, to be emptied. Observing touches no firewall. */
export function droppedLists(before: Generation, now: Generation): ReadonlySet<string> {
  if (now.config.observe) return new Set();
  const keys = before.lists.map(({ key }) => key).filter((key) => !now.plan.lists.has(key));
  return new Set(keys);
}
