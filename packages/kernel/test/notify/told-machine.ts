import {
  type Clock,
  CommandError,
  type Notice,
  type NoticeKind,
  type NotifyConfig,
  notifyDefaults,
} from '@remand/api';
import { FakeClock, memoryLogger } from '@remand/testkit';
import { newEntryId } from '../../src/ledger/entry-id.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { inDigest } from '../../src/notify/digests.ts';
import { NotificationQueue } from '../../src/notify/notification-queue.ts';
import { isRegular, isUrgent } from '../../src/notify/urgency.ts';

export type Mood = 'works' | 'fails' | 'breaks' | 'refuses';

const all = Number.MAX_SAFE_INTEGER;

/** A ledger and a notifier that outlive the queues between them, which may be killed. */
export class ToldMachine {
  readonly clock = new FakeClock();
  readonly ledger = openLedger({ folder: null, clock: this.clock, logger: memoryLogger() });
  readonly decided: Notice[] = [];
  /** What arrived, with its time. A message of which a part was refused arrives in pieces. */
  readonly messages: { readonly at: number; readonly notices: readonly Notice[] }[] = [];
  mood: Mood = 'works';
  readonly #policy: NotifyConfig;
  #queue: NotificationQueue;
  #life = { over: false };

  constructor(policy: Partial<NotifyConfig>) {
    this.#policy = { ...notifyDefaults, digest: null, ...policy };
    this.#queue = this.#start();
  }

  tell(count: number, kind: NoticeKind): void {
    const notices = Array.from({ length: count }, () => this.#notice(kind));
    this.decided.push(...notices);
    this.ledger.commit(this.#queue.address(notices));
    this.#queue.wake();
  }

  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  /** As by SIGKILL: nothing of it ever happens again. */
  kill(): void {
    this.#life.over = true;
    this.#queue = this.#start();
  }

  async restart(): Promise<void> {
    await this.#queue.stop(0);
    this.kill();
  }

  /** What became of each notice: exactly one outcome, or something is wrong. */
  outcomes(): readonly (readonly string[])[] {
    const recorded = new Map<string, string[]>();
    const add = (id: string, outcome: string) =>
      recorded.set(id, [...(recorded.get(id) ?? []), outcome]);
    for (const { kind, details } of this.ledger.entriesOf(address, all)) {
      add(details?.notice ?? '', kind === 'notice-sent' ? 'sent' : (details?.reason ?? ''));
    }
    for (const { notice } of this.ledger.dueNotices(name, all, all)) add(notice.id, 'queued');
    return this.decided.map(({ id }) => recorded.get(id) ?? []);
  }

  /** How many notices were taken into digests, as the ledger says and as the digests say. */
  digested(): readonly [recorded: number, counted: number] {
    const recorded = this.outcomes().filter(([outcome]) => outcome === inDigest).length;
    const waiting = this.ledger.dueNotices(name, all, all).map(({ notice }) => notice);
    const digests = [...this.messages.flatMap(({ notices }) => notices), ...waiting];
    const rows = digests.flatMap(({ digest }) => digest?.counts ?? []);
    return [recorded, rows.reduce((total, { count }) => total + count, 0)];
  }

  /** When messages went: pieces of one went together. */
  times(which: 'all' | 'ordinary'): readonly number[] {
    const chosen = this.messages.filter(
      ({ notices }) => which === 'all' || notices.some((one) => !isUrgent(one) && !isRegular(one)),
    );
    return [...new Set(chosen.map(({ at }) => at))];
  }

  status() {
    return this.#queue.status()[0];
  }

  close(): void {
    this.#life.over = true;
    this.ledger.close();
  }

  #notice(kind: NoticeKind): Notice {
    const id = newEntryId(this.clock);
    return { id, kind, at: this.clock.now(), summary: 'It happened.', holder: 'ssh', address };
  }

  #start(): NotificationQueue {
    const life = { over: false };
    this.#life = life;
    const { clock, ledger } = this;
    const mortal: Clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms, callback) => clock.after(ms, () => life.over || callback()),
    };
    const queue = new NotificationQueue({
      ledger,
      clock: mortal,
      logger: memoryLogger(),
      notifiers: [{ name, notifier: { deliver: this.#deliver }, logger: memoryLogger() }],
      maxQueued: 200,
      policy: () => this.#policy,
    });
    queue.start();
    return queue;
  }

  readonly #deliver = async (notices: readonly Notice[]): Promise<void> => {
    if (this.mood === 'fails') throw new CommandError('NOTICE_FAILED', 'nobody there');
    if (this.mood === 'breaks') throw new Error('a mistake of the plugin');
    if (this.mood === 'refuses' && notices.some(isRefused)) {
      throw new CommandError('NOTICE_REFUSED', 'no such user');
    }
    this.messages.push({ at: this.clock.now(), notices });
  };
}

const name = 'email';
const address = '192.0.2.1';

/** A third of them, and no digest. */
function isRefused({ id, digest }: Notice): boolean {
  return digest === undefined && Number.parseInt(id.slice(-2), 16) % 3 === 0;
}
