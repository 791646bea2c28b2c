import type { SourceBatch, Target } from '@remand/api';
import type { StoredOffence } from '../ledger/ledger.ts';
import type { JailState } from './jail-state.ts';

/** A decision that is not written down yet. */
export interface BanProposal {
  readonly jail: JailState;
  readonly target: Target;
  /** The time of the deciding line. */
  readonly at: number;
  readonly until: number | null;
  readonly evidence: readonly string[];
}

export interface Detected {
  readonly offences: readonly StoredOffence[];
  readonly bans: readonly BanProposal[];
  /** The newest time at which a line of the stream counted. */
  readonly newestAt: number;
}

/** The line that is being judged, for those who keep it. */
export interface Evidence {
  /** Its text, decoded and cut. */
  evidence(): string;
}

const evidenceBytes = 400;
const nothing = Buffer.alloc(0);

/** What one batch adds up. */
export class Round implements Detected, Evidence {
  readonly offences: StoredOffence[] = [];
  readonly bans: BanProposal[] = [];
  readonly batch: SourceBatch;
  readonly now: number;
  latest = 0;
  newestAt: number;
  lines = 0;
  dated = 0;
  oversized: number;
  /** The stretch that is read, and the line in it. */
  buffer: Buffer = nothing;
  lineStart = 0;
  lineEnd = 0;
  /** Where the last dated line of the stretch starts; -1 before there is one. */
  lastDated = -1;
  /** The time of the last dated line of the stretches before. */
  lastTime: number | undefined;

  constructor(now: number, committedAt: number, batch: SourceBatch) {
    this.now = now;
    this.newestAt = committedAt;
    this.batch = batch;
    this.oversized = batch.oversized ?? 0;
  }

  count(offence: StoredOffence): void {
    this.offences.push(offence);
    if (offence.at > this.newestAt) this.newestAt = offence.at;
  }

  /** The line as text of its own, decoded and cut. */
  evidence(): string {
    const most = this.lineStart + evidenceBytes;
    let end = Math.min(this.lineEnd, most);
    // No character is cut in two: its further bytes begin with 10.
    if (end < this.lineEnd) {
      while (end > most - 3 && ((this.buffer[end] ?? 0) & 0xc0) === 0x80) end--;
    }
    const text = this.buffer.toString('utf8', this.lineStart, end);
    return end < this.lineEnd ? `${text}…` : text;
  }
}
