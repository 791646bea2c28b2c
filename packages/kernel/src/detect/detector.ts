import type { Clock, Logger, Match, SourceBatch, Target } from '@remand/api';
import { printable, reasonOf } from '@remand/api';
import type { AddressBook } from '../address/address-book.ts';
import type { StoredOffence } from '../ledger/ledger.ts';
import type { Conversations } from './conversations.ts';
import type { Dispatch, Rule, RuleList } from './dispatch.ts';
import { Header, hostOf, resetHeader } from './header/header.ts';
import { parseHeader } from './header/parse-header.ts';
import type { JailState } from './jail-state.ts';
import { LazyLineInfo } from './line-info.ts';
import { LineTimes } from './line-time.ts';
import { type BanProposal, type Detected, type Evidence, Round } from './round.ts';

export interface DetectorGiven {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly addresses: AddressBook;
  readonly maxLineBytes: number;
  /** Whom a match blames. Default: its address. */
  readonly clientOf?: (match: Match) => string;
  /** Default: lines are read each for itself. */
  readonly conversations?: Pick<Conversations, 'hear'>;
  /** Whether a live hold of the jail itself covers the target at a time. */
  readonly heldByJail: (jail: JailState, target: Target, at: number) => boolean;
  /** How many offences ban an address; asked for jails with `knownMaxRetry`. Default: its maxRetry. */
  readonly maxRetryOf?: (jail: JailState, offence: StoredOffence) => number;
  /** The latest time at which a backlog line may count. Default: the clock's now. */
  readonly latest?: (() => number) | undefined;
  /** Called for each match of a live line whose address a hold of the jail itself covers. */
  readonly seenWhileBanned?: (jail: JailState, target: Target, line: Evidence) => void;
  /** Called at once for each decision, so that later lines of the batch see its hold. */
  readonly decided: (proposal: BanProposal) => void;
}

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
/** So much is made text and read at one time: what a core keeps at hand. */
const stretchBytes = 131_072;
/** One in so many matcher calls is timed; over the limit its jails are degraded. */
const sampleEvery = 128;
const slowMatchMs = 20;

/**
 * Batch of text in, offences and ban proposals out. Reads each line's header once for all jails
 * and makes no object for a line that does not matter.
 */
export class Detector {
  readonly #given: DetectorGiven;
  readonly #header = new Header();
  readonly #undatedHeader = new Header();
  readonly #times = new Map<string, LineTimes>();
  readonly #info = new LazyLineInfo(this.#header);
  #calls = 0;

  constructor(given: DetectorGiven) {
    this.#given = given;
  }

  /**
   * @param committedAt the newest time at which a line of this stream counted before; 0 for none
   */
  run(batch: SourceBatch, dispatch: Dispatch, committedAt: number): Detected {
    const { bytes } = batch;
    const { clock, latest } = this.#given;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const round = new Round(clock.now(), committedAt, batch);
    round.latest = latest?.() ?? round.now;
    for (let start = 0; start < buffer.length; ) {
      const end = endOfStretch(buffer, start);
      this.#readStretch(buffer.subarray(start, end), dispatch, round);
      start = end;
    }
    const { lines, dated, oversized, lastTime } = round;
    const whole = batch.header === 'none';
    const steady = this.#given.clock.monotonic();
    for (const jail of dispatch.jails) {
      jail.lines += lines;
      jail.dated += dated;
      jail.oversized += oversized;
      jail.behind = batch.behind ?? 0;
      if (!batch.live) jail.backlogReadAt = steady;
      if (batch.live) jail.lagMs = 0;
      else if (lastTime !== undefined) jail.lagMs = Math.max(0, round.now - lastTime);
      if (batch.live && lastTime !== undefined) jail.skewMs = lastTime - round.now;
      if (whole) jail.headerless = true;
    }
    noteUnderstood(dispatch, round, buffer);
    return round;
  }

  #readStretch(buffer: Buffer, dispatch: Dispatch, round: Round): void {
    const text = buffer.toString('latin1');
    const header = this.#header;
    const whole = round.batch.header === 'none';
    this.#info.text = text;
    round.buffer = buffer;
    round.lastDated = -1;
    let start = 0;
    while (start < text.length) {
      let next = text.indexOf('\n', start);
      if (next < 0) next = text.length;
      let end = next;
      if (text.charCodeAt(end - 1) === CARRIAGE_RETURN && end > start) end--;
      round.lines++;
      if (end - start > this.#given.maxLineBytes) {
        round.oversized++;
      } else if (end > start) {
        round.lineStart = start;
        round.lineEnd = end;
        if (whole) {
          resetHeader(header, start);
          this.#offer(text, dispatch.all, round);
        } else {
          parseHeader(text, start, end, header);
          if (header.timeStart >= 0) {
            round.dated++;
            round.lastDated = start;
          }
          this.#offer(text, dispatch.rulesOf(text, header), round);
        }
      }
      start = next + 1;
    }
    if (round.lastDated >= 0) round.lastTime = this.#timeAt(text, round.lastDated, round);
    this.#info.text = '';
  }

  #offer(text: string, rules: RuleList, round: Round): void {
    const header = this.#header;
    let message: string | undefined;
    for (const rule of rules.offer(text, header.messageStart)) {
      if (!rule.accepts(text, header.messageStart, round.lineEnd)) continue;
      message ??= text.slice(header.messageStart, round.lineEnd);
      const match = this.#match(rule, message) ?? this.#converse(rule, message, text, round);
      if (match === undefined) continue;
      const at = round.batch.live ? round.now : this.#countsAt(text, round);
      const { clientOf } = this.#given;
      const address = clientOf === undefined ? match.address : clientOf(match);
      this.#judge(rule, address, at, round);
    }
  }

  #match(rule: Rule, message: string): Match | undefined {
    const { filter, jails } = rule.group;
    const sampled = this.#calls++ % sampleEvery === 0;
    const before = sampled ? this.#given.clock.monotonic() : 0;
    try {
      const match = filter.match(message, this.#info);
      if (sampled && this.#given.clock.monotonic() - before > slowMatchMs) {
        degrade(jails, `its filter took more than ${slowMatchMs} ms for one line`);
      }
      if (match !== undefined && typeof match?.address !== 'string') {
        throw new TypeError('match returned something else than an address or undefined');
      }
      return match;
    } catch (error) {
      this.#filterThrew(jails, error);
      return undefined;
    }
  }

  #filterThrew(jails: readonly JailState[], error: unknown): void {
    const reason = printable(reasonOf(error));
    if (degrade(jails, `its filter threw: ${reason}`)) {
      this.#given.logger.error('filter-threw', { jail: jails[0]?.config.name, reason });
    }
  }

  /** What a line completes that is no match by itself. */
  #converse({ group }: Rule, message: string, text: string, round: Round): Match | undefined {
    const { conversations } = this.#given;
    if (group.filter.converse === undefined || conversations === undefined) return undefined;
    try {
      const piece = group.filter.converse(message, this.#info);
      if (piece === undefined) return undefined;
      const host = hostOf(text, this.#header, round.lineStart);
      const at = round.batch.live ? round.now : this.#countsAt(text, round);
      const place = { stream: round.batch.stream, filter: group.id ?? '' };
      return conversations.hear(place, piece, host, at);
    } catch (error) {
      this.#filterThrew(group.jails, error);
      return undefined;
    }
  }

  #judge(rule: Rule, addressText: string, at: number, round: Round): void {
    const address = this.#given.addresses.lookup(addressText);
    let line: string | undefined;
    for (const jail of rule.group.jails) {
      jail.matched++;
      jail.lastMatchAt = at;
      if (address === null) {
        jail.noAddress++;
      } else if (address.protectedBy !== undefined) {
        jail.neverBan++;
      } else if (this.#isHeld(jail, address.target, at, round)) {
        jail.seenWhileBanned++;
        if (round.batch.live) this.#given.seenWhileBanned?.(jail, address.target, round);
      } else {
        line ??= round.evidence();
        jail.offences++;
        const offence = { jail: jail.config.name, address: address.target, at, line };
        round.count(offence);
        const least = jail.config.knownMaxRetry && this.#given.maxRetryOf?.(jail, offence);
        const deciding = jail.window.add(offence, least);
        if (deciding === undefined) continue;
        const newest = deciding[deciding.length - 1]?.at ?? at;
        const { banTimeMs } = jail.config;
        const proposal = {
          jail,
          target: address.target,
          at: newest,
          until: banTimeMs === null ? null : newest + banTimeMs,
          evidence: deciding.map((one) => one.line),
        };
        jail.banned++;
        round.bans.push(proposal);
        this.#given.decided(proposal);
      }
    }
  }

  #isHeld(jail: JailState, target: Target, at: number, { batch }: Round): boolean {
    if (this.#given.heldByJail(jail, target, at)) return true;
    return !batch.live && jail.pastHolds.covers(target, at);
  }

  /** The time of a backlog line: its own, else that of the dated line before it, clamped. */
  #countsAt(text: string, round: Round): number {
    const dated = this.#header.timeStart >= 0 ? round.lineStart : round.lastDated;
    const own = dated < 0 ? round.lastTime : this.#timeAt(text, dated, round);
    const before = round.newestAt > 0 ? round.newestAt : round.now;
    return Math.min(round.latest, own === undefined ? before : Math.max(own, round.newestAt));
  }

  #timeAt(text: string, lineStart: number, { batch, now }: Round): number | undefined {
    const zone = batch.timeZone ?? '';
    let times = this.#times.get(zone);
    if (!times) {
      times = new LineTimes(zone === '' ? undefined : zone);
      this.#times.set(zone, times);
    }
    let end = text.indexOf('\n', lineStart);
    if (end < 0) end = text.length;
    parseHeader(text, lineStart, end, this.#undatedHeader);
    return times.read(text, this.#undatedHeader, now);
  }
}

/** Notes which jails know the programs of their lines, and keeps a line for those that do not. */
function noteUnderstood(dispatch: Dispatch, { lines, dated }: Round, buffer: Buffer): void {
  for (const { offered, group } of dispatch.all.rules) {
    const { programs } = group.filter;
    const isKnown = offered && (programs !== undefined || dated > 0);
    for (const jail of group.jails) {
      if (isKnown) jail.understands = true;
      if (jail.understands) jail.strange = undefined;
      else if (lines > 0) jail.strange ??= firstLine(buffer);
    }
  }
}

const shownBytes = 200;

function firstLine(buffer: Buffer): string {
  const end = buffer.indexOf(NEWLINE);
  return buffer.toString('utf8', 0, Math.min(end < 0 ? buffer.length : end, shownBytes));
}

/** Where the lines end that are read at one time. */
function endOfStretch(buffer: Buffer, start: number): number {
  if (buffer.length - start <= stretchBytes) return buffer.length;
  const last = buffer.lastIndexOf(NEWLINE, start + stretchBytes);
  if (last >= start) return last + 1;
  const next = buffer.indexOf(NEWLINE, start + stretchBytes);
  return next < 0 ? buffer.length : next + 1;
}

/** Marks jails as troubled by their filter; only the first trouble is kept. */
function degrade(jails: readonly JailState[], reason: string): boolean {
  let first = false;
  for (const jail of jails) {
    if (jail.filterTrouble === undefined) first = true;
    jail.filterTrouble ??= reason;
  }
  return first;
}
