import type { LedgerEntry, SourceBatch, Target } from '@remand/api';
import { TrustedProxies } from './address/trusted-proxies.ts';
import { type Decision, decideBan } from './decide-ban.ts';
import { Conversations } from './detect/conversations.ts';
import { Detector } from './detect/detector.ts';
import type { Dispatch } from './detect/dispatch.ts';
import type { JailState } from './detect/jail-state.ts';
import type { BanProposal } from './detect/round.ts';
import { rangeHoldFor } from './escalate/stands-in.ts';
import { endedHold } from './ledger/hold-rule.ts';
import { fuseNotice } from './notify/notices.ts';
import { tellBans } from './notify/tell-bans.ts';
import type { KernelParts } from './parts.ts';

/** What of a configuration counts here. */
export interface LineBatchesGiven {
  readonly maxLineBytes: number;
  readonly observe: boolean;
  readonly trustedProxies?: readonly string[];
  /** The latest time at which a backlog line may count. Default: the clock's now. */
  readonly latest?: () => number;
}

const nothing = { notices: [], suppressed: [] };

/**
 * The way of a batch of lines: detect, decide, escalate, then one transaction for its bookmark, its
 * offences and its bans.
 */
export class LineBatches {
  readonly #parts: KernelParts;
  #detector: Detector;
  #given: LineBatchesGiven;
  /** When a line of a stream counted last, also when that is not on disk yet. */
  readonly #countedAt = new Map<string, number>();
  #decided: Decision[] = [];
  /** The same by address: what the next ban of the batch escalates from. */
  readonly #ofAddress = new Map<Target, LedgerEntry[]>();
  #tripped = false;
  #proxies: TrustedProxies;
  readonly #conversations: Conversations;

  constructor(parts: KernelParts, given: LineBatchesGiven) {
    this.#parts = parts;
    this.#conversations = new Conversations(({ stream, filter }) =>
      parts.ledger.conversations(stream, filter),
    );
    this.#given = given;
    this.#proxies = new TrustedProxies(given.trustedProxies);
    this.#detector = this.#newDetector();
    parts.decisions.onEntries((entries) => {
      for (const entry of entries) if (entry.kind === 'unban') this.#lifted(entry);
    });
  }

  /** Another configuration counts from the next batch on. */
  adopt(given: LineBatchesGiven): void {
    const isSame = given.maxLineBytes === this.#given.maxLineBytes;
    this.#given = given;
    this.#proxies = new TrustedProxies(given.trustedProxies);
    if (!isSame) this.#detector = this.#newDetector();
  }

  process(batch: SourceBatch, dispatch: Dispatch): void {
    const { decisions, fuse, clock, logger, ledger, queue } = this.#parts;
    const { stream } = batch;
    const countedAt = this.#countedAt.get(stream) ?? ledger.bookmark(stream)?.at ?? 0;
    this.#decided = [];
    this.#ofAddress.clear();
    this.#tripped = false;
    const detected = this.#detector.run(batch, dispatch, countedAt);
    const entries = this.#decided.flatMap(({ ban, followed, ranges }) => [
      ban,
      ...followed,
      ...ranges,
    ]);
    const told = queue.wanted ? tellBans(this.#parts, this.#decided) : nothing;
    const notices = [...told.notices];
    if (this.#tripped) {
      const report = fuse.report(clock.now());
      logger.error('fuse-tripped', { bans: report.recent, withinMs: report.withinMs });
      notices.push(fuseNotice(this.#parts, report));
    }
    this.#countedAt.set(stream, detected.newestAt);
    decisions.apply({
      bookmarks: [{ stream, value: batch.bookmark, at: detected.newestAt }],
      offences: detected.offences,
      conversations: this.#conversations.takeChanges(),
      entries: [...entries, ...told.suppressed],
      notices,
    });
  }

  /** What a backlog brings from after that counts. */
  #lifted({ holder, address, at }: LedgerEntry): void {
    const jail = this.#parts.jails.find(({ config }) => config.name === holder);
    jail?.pastHolds.lift(address, at);
  }

  #newDetector(): Detector {
    const parts = this.#parts;
    return new Detector({
      clock: parts.clock,
      logger: parts.logger,
      addresses: parts.addresses,
      clientOf: (match) => this.#proxies.clientOf(match),
      conversations: this.#conversations,
      maxLineBytes: this.#given.maxLineBytes,
      latest: this.#given.latest,
      heldByJail: (jail, target, at) => {
        const hold = parts.holds.get(target, jail.config.name, jail.config.name);
        if (hold !== undefined && (hold.until === null || at < hold.until)) return true;
        if (parts.holds.ranges.isEmpty) return false;
        const observed = this.#observes(jail);
        const { name } = jail.config;
        return rangeHoldFor(parts, { name, observed }, target, at) !== undefined;
      },
      maxRetryOf: (jail, { address, at }) =>
        parts.known.maxRetry(jail.config, address, { at, observed: this.#observes(jail) }),
      seenWhileBanned: (jail, target, line) => parts.stillSeen.seen(jail.config.name, target, line),
      decided: (proposal) => this.#decide(proposal),
    });
  }

  #observes({ config }: JailState): boolean {
    return config.observe || this.#given.observe;
  }

  /** A range hold that is over covers later lines of the backlog that decided it. */
  #rememberEnded(entry: LedgerEntry): void {
    const hold = entry.details?.ended === true ? endedHold(entry) : undefined;
    if (hold) this.#parts.holds.ranges.set(hold);
  }

  /** Makes the entries, and the holds at once: the next line of the batch already meets them. */
  #decide(proposal: BanProposal): void {
    const { jail, target } = proposal;
    const { logger, decisions } = this.#parts;
    const observed = this.#observes(jail);
    const earlier = this.#ofAddress.get(target) ?? [];
    const decided = decideBan(this.#parts, proposal, { observed, earlier });
    const { ban, followed, ranges, trips } = decided;
    if (typeof ban.until === 'number') jail.pastHolds.add(target, ban.until);
    if (trips) this.#tripped = true;
    this.#ofAddress.set(target, [...earlier, ban, ...followed]);
    this.#decided.push(decided);
    for (const entry of [ban, ...followed, ...ranges]) decisions.hold(entry);
    for (const range of ranges) this.#rememberEnded(range);
    const ended = ban.details?.ended === true;
    logger.debug('ban', { jail: jail.config.name, address: target, ended, observed });
  }
}
