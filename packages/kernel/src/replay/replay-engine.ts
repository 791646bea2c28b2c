import type { KernelConfig, LedgerEntry, Logger } from '@remand/api';
import { assemble } from '../assemble.ts';
import type { Builder } from '../build.ts';
import { endHolds } from '../end-holds.ts';
import type { Generation } from '../generation.ts';
import type { MachineView } from '../kernel-contract.ts';
import { LineBatches } from '../line-batches.ts';
import { refreshInTime } from '../never-ban/refresh-in-time.ts';
import type { KernelParts } from '../parts.ts';
import { BusyAddresses } from './busy-addresses.ts';
import type { ReplayBatch } from './merge-tracks.ts';
import { ReplayLedger } from './replay-ledger.ts';
import type { VirtualClock } from './virtual-clock.ts';

const sweepEveryMs = 60_000;
/** All of them: the ledger of a replay remembers nothing. A Map cannot have many more. */
const mostRecords = 16_000_000;
/** A line may be later than those that follow it. */
const disorderMs = 86_400_000;

export interface ReplayEngineGiven {
  readonly config: KernelConfig;
  readonly builder: Builder;
  readonly built: Generation;
  readonly clock: VirtualClock;
  readonly logger: Logger;
  readonly machine: MachineView;
  /** Called after each decision. */
  readonly decided: (entries: readonly LedgerEntry[]) => void;
}

/** The engine of a kernel, with the clock of a log and a ledger in memory. */
export class ReplayEngine {
  readonly busy: BusyAddresses;
  readonly #given: ReplayEngineGiven;
  readonly #parts: KernelParts;
  readonly #batches: LineBatches;
  #latest = 0;
  #sweptAt = Number.NEGATIVE_INFINITY;

  private constructor(
    given: ReplayEngineGiven,
    made: { readonly parts: KernelParts; readonly busy: BusyAddresses },
  ) {
    this.#given = given;
    this.#parts = made.parts;
    this.busy = made.busy;
    const { maxLineBytes, observe, trustedProxies } = given.config;
    this.#batches = new LineBatches(this.#parts, {
      ...{ maxLineBytes, observe },
      ...(trustedProxies && { trustedProxies }),
      latest: () => this.#latest,
    });
  }

  /** Looks at who is never banned. */
  static async start(given: ReplayEngineGiven): Promise<ReplayEngine> {
    let busy: BusyAddresses | undefined;
    const parts = assemble({
      ...given,
      generation: () => given.built,
      ledger: new ReplayLedger(given.clock),
      tell: given.decided,
      mostRecords,
      addressBook: (neverBan) => {
        busy = new BusyAddresses(neverBan);
        return busy;
      },
    });
    await refreshInTime(parts);
    return new ReplayEngine(given, { parts, busy: busy ?? new BusyAddresses(parts.neverBan) });
  }

  /** Names of the never-ban set that could not be resolved. */
  get neverBanProblems(): readonly string[] {
    return this.#parts.neverBan.problems;
  }

  process({ stream, bytes, from, until, dropped }: ReplayBatch): void {
    const { clock } = this.#given;
    clock.advance(from);
    this.#pass(clock.now());
    this.#latest = until + disorderMs;
    const { timeZone } = stream.framing;
    this.#batches.process(
      {
        stream: stream.name,
        uses: [],
        bytes,
        bookmark: '',
        live: false,
        oversized: dropped,
        ...(timeZone !== undefined && { timeZone }),
      },
      stream.dispatch,
    );
  }

  /** What the ticker of a daemon does as time goes by. */
  #pass(now: number): void {
    const { fuse, jails, holds } = this.#parts;
    endHolds(this.#parts, now);
    fuse.settle(now);
    if (now - this.#sweptAt < sweepEveryMs) return;
    this.#sweptAt = now;
    for (const { window, pastHolds, config } of jails) {
      window.sweep(now);
      pastHolds.sweep(now - 2 * config.findTimeMs);
    }
    holds.ranges.sweep(now - 2 * Math.max(0, ...jails.map(({ config }) => config.findTimeMs)));
  }
}
