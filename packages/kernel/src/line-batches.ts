import type { LedgerEntry, SourceBatch, Target } from '@remand/api';
import { Detector } from './detect/detector.ts';
import type { Dispatch } from './detect/dispatch.ts';
import type { BanProposal } from './detect/round.ts';
import { fuseNotice } from './notify/notices.ts';
import { type DecidedBan, isInForce, tellBans } from './notify/tell-bans.ts';
import type { KernelParts } from './parts.ts';

/** What of a configuration counts here. */
export interface LineBatchesGiven {
  readonly maxLineBytes: number;
  readonly observe: boolean;
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
  #decided: DecidedBan[] = [];
  /** The same by address: what the next ban of the batch escalates from. */
  readonly #ofAddress = new Map<Target, LedgerEntry[]>();
  #tripped = false;

  constructor(parts: KernelParts, given: LineBatchesGiven) {
    this.#parts = parts;
    this.#given = given;
    this.#detector = this.#newDetector();
  }

  /** Another configuration counts from the next batch on. */
  adopt(given: LineBatchesGiven): void {
    const isSame = given.maxLineBytes === this.#given.maxLineBytes;
    this.#given = given;
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
    const entries = this.#decided.flatMap(({ ban, followed }) => [ban, ...followed]);
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
      entries: [...entries, ...told.suppressed],
      notices,
    });
  }

  #newDetector(): Detector {
    const parts = this.#parts;
    return new Detector({
      clock: parts.clock,
      logger: parts.logger,
      addresses: parts.addresses,
      maxLineBytes: this.#given.maxLineBytes,
      latest: this.#given.latest,
      heldByJail: (jail, target, at) => {
        const hold = parts.holds.get(target, jail.config.name, jail.config.name);
        return hold !== undefined && (hold.until === null || at < hold.until);
      },
      seenWhileBanned: (jail, target, line) => parts.stillSeen.seen(jail.config.name, target, line),
      decided: (proposal) => this.#decide(proposal),
    });
  }

  /** Makes the entries, and the holds at once: the next line of the batch already meets them. */
  #decide({ jail, target, at, evidence }: BanProposal): void {
    const { name, observe } = jail.config;
    const { newEntry, clock, logger, fuse, escalation, decisions } = this.#parts;
    const observed = observe || this.#given.observe;
    const earlier = this.#ofAddress.get(target) ?? [];
    const about = { address: target, at, observed };
    const { banTimeMs, number } = escalation.banTime(jail.config, about, earlier);
    const until = banTimeMs === null ? null : at + banTimeMs;
    const ended = until !== null && until <= clock.now();
    const ban = newEntry({
      at,
      kind: 'ban',
      holder: name,
      address: target,
      until,
      details: {
        evidence,
        offences: evidence.length,
        ...(number !== undefined && { number }),
        ...(ended && { ended }),
        ...(observed && { observed }),
      },
    });
    if (until !== null) jail.pastHolds.add(target, until);
    if (isInForce(ban) && fuse.count(1, clock.now())) this.#tripped = true;
    const followed = escalation.follow(ban, earlier);
    this.#ofAddress.set(target, [...earlier, ban, ...followed]);
    this.#decided.push({ ban, followed });
    for (const entry of [ban, ...followed]) decisions.hold(entry);
    logger.debug('ban', { jail: name, address: target, ended, observed });
  }
}
