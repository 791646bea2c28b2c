import type { LedgerEntry, SourceBatch } from '@remand/api';
import { type BanProposal, Detector } from './detect/detector.ts';
import type { Dispatch } from './detect/dispatch.ts';
import { holdAfter } from './ledger/hold-rule.ts';
import { banNotice, fuseNotice } from './notify/notices.ts';
import { noticesOf } from './notify/notices-of.ts';
import type { KernelParts } from './parts.ts';

/** What of a configuration counts here. */
export interface LineBatchesGiven {
  readonly maxLineBytes: number;
  readonly observe: boolean;
  /** The latest time at which a backlog line may count. Default: the clock's now. */
  readonly latest?: () => number;
}

/**
 * The way of a batch of lines: detect, decide, then one transaction for its bookmark, its offences
 * and its bans. (Escalation will be decided between the two, before anything is published.)
 */
export class LineBatches {
  readonly #parts: KernelParts;
  #detector: Detector;
  #given: LineBatchesGiven;
  /** When a line of a stream counted last, also when that is not on disk yet. */
  readonly #countedAt = new Map<string, number>();
  #entries: LedgerEntry[] = [];

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
    this.#entries = [];
    const detected = this.#detector.run(batch, dispatch, countedAt);
    const entries = this.#entries;
    const inForce = entries.filter(
      ({ details }) => details?.observed !== true && details?.ended !== true,
    );
    const notices = queue.wanted ? [...noticesOf(this.#parts, inForce, banNotice)] : [];
    if (inForce.length > 0 && fuse.count(inForce.length, clock.now())) {
      const report = fuse.report(clock.now());
      logger.error('fuse-tripped', { bans: report.recent, withinMs: report.withinMs });
      notices.push(fuseNotice(this.#parts, report));
    }
    this.#countedAt.set(stream, detected.newestAt);
    decisions.apply({
      bookmarks: [{ stream, value: batch.bookmark, at: detected.newestAt }],
      offences: detected.offences,
      entries,
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

  /** Makes the entry, and the hold at once: the next line of the batch already meets it. */
  #decide({ jail, target, at, until, evidence }: BanProposal): void {
    const { name, observe } = jail.config;
    const { newEntry, clock, holds, logger } = this.#parts;
    const ended = until !== null && until <= clock.now();
    const observed = observe || this.#given.observe;
    const entry = newEntry({
      at,
      kind: 'ban',
      holder: name,
      address: target,
      until,
      details: {
        evidence,
        offences: evidence.length,
        ...(ended && { ended }),
        ...(observed && { observed }),
      },
    });
    this.#entries.push(entry);
    if (until !== null) jail.pastHolds.add(target, until);
    const hold = holdAfter(holds.get(target, name, name), entry);
    if (hold && !ended) holds.set(hold);
    logger.debug('ban', { jail: name, address: target, ended, observed });
  }
}
