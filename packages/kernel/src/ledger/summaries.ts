import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PeriodSummary } from './ledger.ts';

/** Entries of a period that are looked at: the newest. It is done in one go, so it has to be short. */
const mostEntries = 100_000;

/** What happened in a period, in numbers. */
export class Summaries {
  readonly #counts: StatementSync;
  readonly #suppressed: StatementSync;
  readonly #addresses: StatementSync;

  constructor(db: DatabaseSync) {
    const entries = `(
      SELECT kind, holder, address, details FROM entries INDEXED BY entries_by_time
      WHERE at >= ? AND at < ? ORDER BY at DESC LIMIT ${mostEntries})`;
    // As JSON.stringify writes it: inside of a string its quotes would be escaped.
    const enforced = `(details IS NULL OR instr(details, '"observed":true') = 0)`;
    this.#counts = db.prepare(
      `SELECT kind, holder, count(*) AS count FROM ${entries}
       WHERE kind NOT IN ('notice-sent', 'notice-suppressed') AND ${enforced}
       GROUP BY kind, holder`,
    );
    this.#suppressed = db.prepare(
      `SELECT coalesce(json_extract(details, '$.reason'), '') AS reason, count(*) AS count
       FROM ${entries} WHERE kind = 'notice-suppressed'
         AND (holder = ? OR instr(details, '"notice":') = 0) GROUP BY reason`,
    );
    this.#addresses = db.prepare(
      `SELECT address, count(*) AS count FROM ${entries}
       WHERE kind = 'ban' AND instr(details, '"offences":') > 0 AND ${enforced} GROUP BY address`,
    );
  }

  /** @param notifier whose own are counted of what was not sent, beside what nobody was told of */
  of(since: number, until: number, notifier: string): PeriodSummary {
    return {
      counts: this.#counts.all(since, until) as unknown as PeriodSummary['counts'],
      suppressed: this.#suppressed.all(
        since,
        until,
        notifier,
      ) as unknown as PeriodSummary['suppressed'],
      addresses: this.#addresses.iterate(since, until) as unknown as PeriodSummary['addresses'],
    };
  }
}
