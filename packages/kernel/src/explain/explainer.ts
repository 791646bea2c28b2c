import type { Clock, Framing, KernelConfig, Target } from '@remand/api';
import { AddressBook } from '../address/address-book.ts';
import { parseAddress } from '../address/normalise.ts';
import { formatRange } from '../address/parse-target.ts';
import type { Builder } from '../build.ts';
import { isoUntil } from '../control/times.ts';
import { silentLogger } from '../defaults.ts';
import { Detector } from '../detect/detector.ts';
import { type Dispatch, dispatchTo, type FilterGroup } from '../detect/dispatch.ts';
import type { JailState } from '../detect/jail-state.ts';
import type { BanProposal } from '../detect/round.ts';
import type { Generation } from '../generation.ts';
import type { Holds } from '../holds/holds.ts';
import { isLiveAt } from '../ledger/hold-rule.ts';
import type { NeverBanSet } from '../never-ban/never-ban-set.ts';
import type {
  Explainer,
  JailExplanation,
  LineExplanation,
  LineReading,
  Outcome,
  StateLook,
} from './contract.ts';
import { framingsOf } from './framings.ts';
import { HeaderReader } from './header-reader.ts';
import { decoded, lineText, matchOf } from './line-text.ts';
import { notOffered } from './not-offered.ts';
import { type Counts, outcomeOf } from './outcome.ts';
import { patternTrials } from './pattern-trials.ts';
import { WatchedFilter } from './watched-filter.ts';

interface Reading {
  readonly framing: Framing;
  readonly dispatch: Dispatch;
  readonly reader: HeaderReader;
}

/** Lets the real detection judge single lines, and tells what it did with them. */
export class ConfigExplainer implements Explainer {
  readonly state: StateLook;
  readonly #config: KernelConfig;
  readonly #builder: Builder;
  readonly #built: Generation;
  readonly #clock: Clock;
  readonly #holds: Holds;
  readonly #addresses: AddressBook;
  readonly #detector: Detector;
  readonly #readings: readonly Reading[];
  readonly #watched: readonly WatchedFilter[];

  constructor(given: {
    readonly config: KernelConfig;
    readonly builder: Builder;
    readonly built: Generation;
    readonly clock: Clock;
    readonly neverBan: NeverBanSet;
    readonly holds: Holds;
    readonly state: StateLook;
  }) {
    const { config, built, clock, holds } = given;
    this.state = given.state;
    this.#config = config;
    this.#builder = given.builder;
    this.#built = built;
    this.#clock = clock;
    this.#holds = holds;
    this.#addresses = new AddressBook(given.neverBan);
    const groups = built.filters.map(({ filter, jails }) => ({
      filter: new WatchedFilter(filter),
      jails,
    }));
    this.#watched = groups.map(({ filter }) => filter);
    this.#readings = framingsOf(built.plan.jails).map(({ framing, jails }) => ({
      framing,
      dispatch: dispatchTo(groups, ({ config: { name } }) => jails.has(name)),
      reader: new HeaderReader(framing.timeZone),
    }));
    this.#detector = new Detector({
      clock,
      logger: silentLogger,
      addresses: this.#addresses,
      maxLineBytes: config.maxLineBytes,
      heldByJail: (jail, target, at) => {
        const hold = holds.get(target, jail.config.name, jail.config.name);
        return hold !== undefined && isLiveAt(hold, at);
      },
      decided: (proposal) => this.#decide(proposal),
    });
  }

  explain(line: Uint8Array): LineExplanation {
    const text = lineText(line);
    const tooLong = text.length > this.#config.maxLineBytes;
    return {
      line: decoded(text),
      bytes: text.length,
      tooLong,
      readings: this.#readings.map((reading) => this.#read(reading, line, text, tooLong)),
    };
  }

  async close(): Promise<void> {
    await this.#builder.dispose();
  }

  /** Lets detection itself judge the line, and tells what it did. */
  #read(reading: Reading, line: Uint8Array, text: string, tooLong: boolean): LineReading {
    const { framing, dispatch, reader } = reading;
    for (const filter of this.#watched) filter.forget();
    const before = new Map(dispatch.jails.map((jail) => [jail, { ...jail }]));
    const batch = {
      stream: 'explain',
      uses: [],
      bytes: line,
      bookmark: '',
      live: true,
      ...framing,
    };
    this.#detector.run(batch, dispatch, 0);
    if (framing.header === 'none') reader.readWhole(text);
    else reader.read(text);
    const rules = framing.header === 'none' ? dispatch.all : dispatch.rulesOf(text, reader.header);
    const jails = dispatch.all.flatMap((rule) => {
      const refused = tooLong ? null : notOffered({ rule, rules, text, header: reader.header });
      const asked = !tooLong && (refused === null || refused.reason === 'other-beginning');
      const message = text.slice(reader.header.messageStart);
      const patterns = asked
        ? patternTrials(watchedOf(rule.group).watched, message, reader.info)
        : null;
      return rule.group.jails.map((jail) => {
        const was = before.get(jail) ?? jail;
        const step = { tooLong, notOffered: refused, patterns };
        return this.#jail(jail, was, watchedOf(rule.group), step);
      });
    });
    const order = this.#built.jails.map(({ config }) => config.name);
    return {
      framing: framing.header ?? 'auto',
      header: reader.facts(this.#clock.now()),
      jails: jails.toSorted((left, right) => order.indexOf(left.jail) - order.indexOf(right.jail)),
    };
  }

  #jail(
    jail: JailState,
    was: Counts,
    { answer, failure }: WatchedFilter,
    step: Pick<JailExplanation, 'notOffered' | 'patterns'> & { readonly tooLong: boolean },
  ): JailExplanation {
    const { name, filter, maxRetry, findTimeMs } = jail.config;
    const outcome = outcomeOf(jail, was, { ...step, failure });
    const range = answer && parseAddress(answer.address);
    const known = answer && this.#addresses.lookup(answer.address);
    const target = known?.target;
    const offences =
      outcome === 'banned' ? maxRetry : jail.window.count(target ?? '', this.#clock.now());
    return {
      jail: name,
      filter: filter.name,
      notOffered: step.notOffered,
      patterns: step.patterns,
      match: answer ? matchOf(answer) : null,
      address: range ? formatRange(range) : null,
      target: target ?? null,
      neverBan: known?.protectedBy ?? null,
      count:
        outcome === 'counted' || outcome === 'banned' ? { offences, maxRetry, findTimeMs } : null,
      outcome,
      failure: failure ?? null,
      ban: target === undefined ? null : this.#banOf(jail, target, outcome),
    };
  }

  #banOf(jail: JailState, target: Target, outcome: Outcome): JailExplanation['ban'] {
    if (outcome !== 'banned' && outcome !== 'seen-while-banned') return null;
    const { name } = jail.config;
    const hold = this.#holds.get(target, name, name);
    const observed = hold?.observed ?? this.#observes(jail);
    const lists = this.#built.plan.jails.find(({ config }) => config.name === name)?.lists ?? [];
    return { until: isoUntil(hold?.until ?? null), lists: observed ? [] : lists, observed };
  }

  #decide({ jail, target, at, until }: BanProposal): void {
    const { name } = jail.config;
    const observed = this.#observes(jail);
    this.#holds.set({ holder: name, via: name, target, since: at, until, observed });
  }

  #observes({ config }: JailState): boolean {
    return config.observe || this.#config.observe;
  }
}

function watchedOf({ filter }: FilterGroup): WatchedFilter {
  // Every filter of this dispatch was put into one.
  return filter as WatchedFilter;
}
