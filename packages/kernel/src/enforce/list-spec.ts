import type { Action, Target } from '@remand/api';

/** One list: what an action keeps blocked in one place, for one or more holders. */
export interface ListSpec {
  /** The list's key, such as `nftables/sshd`. */
  readonly key: string;
  /** The plugin's name. */
  readonly plugin: string;
  readonly action: Action;
  readonly ownership: 'own' | 'shared';
  readonly observesOnly: boolean;
  readonly holders: readonly string[];
}

/**
 * What lists should hold, asked at the moment of enforcing, so that nothing is copied.
 * The answer already leaves out what the never-ban set forbids.
 */
export interface DesiredState {
  /** max(until) over the live holds of the list that name this target; undefined for none. */
  until(list: string, target: Target): number | null | undefined;
  entries(list: string): Iterable<readonly [Target, number | null]>;
}

/** The recorded rows of lists. Both writers throw when nothing can be written (a full disk). */
export interface RowStore {
  load(list: string): Iterable<Target>;
  add(list: string, targets: readonly Target[]): void;
  remove(list: string, targets: readonly Target[]): void;
}

/** What the rest of the kernel hears from enforcement. Called at changes of state, not per retry. */
export interface EnforceListener {
  /** Entries that could not be enforced, with the reason; each target once until it recovers. */
  notEnforced(list: string, targets: readonly Target[], reason: string): void;
  /** Everything that was desired is enforced again. */
  recovered(list: string): void;
  /** Reconciling found differences that we did not make. */
  drift(list: string, found: { readonly missing: number; readonly extra: number }): void;
  /** Entries that were just enforced by an add (not restored ones). */
  enforced(list: string, targets: readonly Target[]): void;
  /** Entries that had been there before, or should have been, were entered by an add. */
  restored(list: string): void;
}
