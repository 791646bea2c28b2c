import type { ErrorCode, ErrorCodeOf } from './error-codes.ts';

export interface ErrorDetails {
  /** What to do about it, as a sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The base of every error that remand throws on purpose. `message` is already escaped. */
export abstract class RemandError extends Error {
  abstract readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.hint = details.hint;
  }
}

/** One mistake in a configuration. */
export interface ConfigProblem {
  /** Keys and indexes from the root, such as `['jails', 'sshd', 'maxRetry']`. */
  readonly path: readonly (string | number)[];
  /** One sentence: what is wrong, the value got, what is wanted. */
  readonly message: string;
  /** What to do; the nearest known name, if there is one. */
  readonly hint?: string;
  /** `key` when the mistake is in the key itself (an unknown one), not in its value. */
  readonly at?: 'key' | 'value';
  /** What sort of mistake it is. Default `CONFIG_INVALID`. */
  readonly code?: ErrorCodeOf<'config' | 'plugin'>;
}

/** For the author of the rc file or of a command line. Carries every problem, not the first. */
export class ConfigError extends RemandError {
  readonly code: ErrorCodeOf<'config'>;
  readonly problems: readonly ConfigProblem[];

  constructor(
    code: ErrorCodeOf<'config'>,
    message: string,
    details: ErrorDetails & { readonly problems?: readonly ConfigProblem[] } = {},
  ) {
    super(message, details);
    this.code = code;
    this.problems = details.problems ?? [];
  }
}

export type PluginPhase = 'load' | 'create' | 'start' | 'work' | 'stop' | 'dispose';

/** For the author of a plugin. */
export class PluginError extends RemandError {
  readonly code: ErrorCodeOf<'plugin'>;
  /** `action nftables/sshd`, `filter sshd of jail ssh`, or a module specifier. */
  readonly plugin: string;
  readonly phase: PluginPhase;

  constructor(
    code: ErrorCodeOf<'plugin'>,
    message: string,
    details: ErrorDetails & { readonly plugin: string; readonly phase: PluginPhase },
  ) {
    super(message, details);
    this.code = code;
    this.plugin = details.plugin;
    this.phase = details.phase;
  }
}

/** For the administrator: the machine does not do what was asked. */
export class CommandError extends RemandError {
  readonly code: ErrorCodeOf<'command'>;
  readonly argv: readonly string[] | undefined;
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  /** The program's own words, escaped and cut to 2 KiB. */
  readonly stderr: string | undefined;
  /** For a notifier: not to be tried again any sooner. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCodeOf<'command'>,
    message: string,
    details: ErrorDetails & {
      readonly argv?: readonly string[];
      readonly exitCode?: number;
      readonly timedOut?: boolean;
      readonly stderr?: string;
      readonly retryAfterMs?: number;
    } = {},
  ) {
    super(message, details);
    this.code = code;
    this.argv = details.argv;
    this.exitCode = details.exitCode;
    this.timedOut = details.timedOut ?? false;
    this.stderr = details.stderr;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** For us: something that cannot be, was. */
export class InternalError extends RemandError {
  readonly code = 'INTERNAL';
}

/** The sentence of anything that was thrown, for a log field or a status line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
