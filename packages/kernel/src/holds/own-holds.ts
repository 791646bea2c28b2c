import type { Target } from '@remand/api';
import type { Hold } from '../ledger/ledger.ts';

/**
 * The holds on their holder's own lists, by holder. A jail asks for its own at each match, most of
 * which come in runs of one jail.
 */
export class OwnHolds {
  readonly #byHolder = new Map<string, Map<Target, Hold>>();
  #lastHolder: string | undefined;
  #ofLast: Map<Target, Hold> | undefined;

  get(target: Target, holder: string): Hold | undefined {
    if (holder !== this.#lastHolder) {
      this.#lastHolder = holder;
      this.#ofLast = this.#byHolder.get(holder);
    }
    return this.#ofLast?.get(target);
  }

  set(hold: Hold): void {
    const { target, holder, via } = hold;
    if (holder !== via) return;
    const its = this.#byHolder.get(holder);
    if (its) its.set(target, hold);
    else {
      this.#byHolder.set(holder, new Map([[target, hold]]));
      this.#lastHolder = undefined;
    }
  }

  delete({ target, holder, via }: Hold): void {
    if (holder === via) this.#byHolder.get(holder)?.delete(target);
  }
}
