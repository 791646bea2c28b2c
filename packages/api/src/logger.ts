/** Extra facts of a log line: plain values only; text from outside is escaped by whoever prints it. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Writes events, not prose: `event` is a short stable name in kebab-case (`list-degraded`),
 * the facts go into `fields`. `info` is for a change of state, `debug` for steps; nothing is
 * logged once per line read. Never throws.
 */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
