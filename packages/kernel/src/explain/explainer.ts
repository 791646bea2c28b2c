import type { Clock, Framing, KernelConfig, LedgerEntry, Target } from '@remand/api';
import { AddressBook } from '../address/address-book.ts';
import { parseAddress } from '../address/normalise.ts';
import { formatRange } from '../address/parse-target.ts';
import { TrustedProxies } from '../address/trusted-proxies.ts';
import type { Builder } from '../build.ts';
import { isoUntil } from '../control/times.ts';
import type { Decision } from '../decide-ban.ts';
import { silentLogger } from '../defaults.ts';
import { Conversations } from '../detect/conversations.ts';
import { Detector } from '../detect/detector.ts';
import { type Dispatch, dispatchTo, type FilterGroup } from '../detect/dispatch.ts';
import type { JailState } from '../detect/jail-state.ts';
import type { BanProposal } from '../detect/round.ts';
import type { Generation } from '../generation.ts';
import type { Holds } from '../holds/holds.ts';
import { isLiveAt } from '../ledger/hold-rule.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { NeverBanSet } from '../never-ban/never-ban-set.ts';
import type {
  Explainer,
  JailExplanation,
  LineExplanation,
  LineReading,
  Outcome,
  StateLook,
} from './contract.ts';
import { Decider } from './decider.ts';
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
  readonly #decider: Decider;
  readonly #closeLedger: () => void;
  /** What the line that is being explained has decided. */
  readonly #decided = new Map<string, Decision>();
  /** How many offences ban its address, where a jail asks. */
  readonly #tries = new Map<string, number>();
  readonly #addresses: AddressBook;
  readonly #proxies: TrustedProxies;
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
    /** Read until `close`. */
    readonly ledger: Ledger;
    readonly state: StateLook;
  }) {
    const { config, built, clock, ledger } = given;
    this.state = given.state;
    this.#config = config;
    this.#builder = given.builder;
    this.#built = built;
    this.#clock = clock;
    this.#decider = new Decider(given);
    this.#closeLedger = () => ledger.close();
    this.#addresses = new AddressBook(given.neverBan);
    const proxies = new TrustedProxies(given.config.trustedProxies);
    this.#proxies = proxies;
    const groups = built.filters.map(({ filter, jails }, index) => ({
      filter: new WatchedFilter(filter),
      jails,
      id: String(index),
    }));
    const conversations = new Conversations();
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
      clientOf: (match) => proxies.clientOf(match),
      maxLineBytes: config.maxLineBytes,
      conversations: {
        hear: (place, piece, within, at) => {
          const match = conversations.hear(place, piece, within, at);
          const { filter } = groups[Number(place.filter)] ?? {};
          if (filter && match) filter.answer = match;
          return match;
        },
      },
      heldByJail: (jail, target, at) => {
        const hold = this.#decider.holdOf(jail, target);
        return hold !== undefined && isLiveAt(hold, at);
      },
      maxRetryOf: (jail, { address, at }) => {
        const tries = this.#decider.maxRetryOf(jail, address, at);
        this.#tries.set(jail.config.name, tries);
        return tries;
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
    this.#closeLedger();
    await this.#builder.dispose();
  }

  /** Lets detection itself judge the line, and tells what it did. */
  #read(reading: Reading, line: Uint8Array, text: string, tooLong: boolean): LineReading {
    const { framing, dispatch, reader } = reading;
    for (const filter of this.#watched) filter.forget();
    this.#decided.clear();
    this.#tries.clear();
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
    const { rules } =
      framing.header === 'none' ? dispatch.all : dispatch.rulesOf(text, reader.header);
    const jails = dispatch.all.rules.flatMap((rule) => {
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
    const { name, filter, findTimeMs } = jail.config;
    const outcome = outcomeOf(jail, was, { ...step, failure });
    const client = answer && this.#proxies.clientOf(answer);
    const range = client ? parseAddress(client) : undefined;
    const known = client ? this.#addresses.lookup(client) : undefined;
    const target = known?.target;
    const offences =
      this.#decided.get(name)?.ban.details?.offences ??
      jail.window.count(target ?? '', this.#clock.now());
    const maxRetry = this.#tries.get(name) ?? jail.config.maxRetry;
    const hasFewer = maxRetry < jail.config.maxRetry;
    return {
      jail: name,
      filter: filter.given?.name ?? filter.name,
      notOffered: step.notOffered,
      patterns: step.patterns,
      match: answer ? matchOf(answer) : null,
      address: range ? formatRange(range) : null,
      target: target ?? null,
      neverBan: known?.protectedBy ?? null,
      count:
        outcome === 'counted' || outcome === 'banned'
          ? { offences, maxRetry, known: hasFewer, findTimeMs }
          : null,
      outcome,
      failure: failure ?? null,
      ban: target === undefined ? null : this.#banOf(jail, target, outcome),
    };
  }

  #banOf(jail: JailState, target: Target, outcome: Outcome): JailExplanation['ban'] {
    if (outcome !== 'banned' && outcome !== 'seen-while-banned') return null;
    const hold = this.#decider.holdOf(jail, target);
    const observed = hold?.observed ?? this.#decider.observes(jail);
    const via = hold?.via ?? jail.config.name;
    const decided = this.#decided.get(jail.config.name);
    const number = decided?.ban.details?.number;
    return {
      until: isoUntil(hold?.until ?? null),
      lists: this.#decider.listsOf({ via, observed }),
      observed,
      ...(hold && hold.target !== target && { range: hold.target }),
      ...(number !== undefined && { number }),
      rungs: this.#followed(decided?.followed ?? []).map(
        ({ range: _, refused: __, ...one }) => one,
      ),
      ranges: this.#followed(decided?.ranges ?? []),
    };
  }

  /** What was decided, not the bans that make it so. */
  #followed(entries: readonly LedgerEntry[]) {
    return entries
      .filter(({ kind }) => kind === 'escalate')
      .map((entry) => ({
        holder: entry.holder,
        range: entry.address,
        until: isoUntil(entry.until ?? null),
        lists: entry.details?.refused ? [] : this.#decider.listsOfBan(entry),
        observed: entry.details?.observed === true,
        refused: entry.details?.refused === true,
        reason: entry.details?.reason ?? '',
      }));
  }

  #decide(proposal: BanProposal): void {
    this.#decided.set(proposal.jail.config.name, this.#decider.decide(proposal));
  }
}

function watchedOf({ filter }: FilterGroup): WatchedFilter {
  // Every filter of this dispatch was put into one.
  return filter as WatchedFilter;
}
