import type { ErrorCode, FlushOutcome } from '@remand/api';
import type { ReloadReport } from '@remand/kernel';
import type { CheckProblem } from '../check-problem.ts';

/** The client's own number for a request; the answer carries it back. */
export type RequestId = string | number;

/**
 * What a client writes: one line of JSON, at most 64 KiB. Requests of one connection are answered
 * in order.
 */
export interface ControlRequest {
  readonly id: RequestId;
  /** A verb of `ControlApi`, `reload` or `stop`. */
  readonly verb: string;
  readonly args: unknown;
}

/** What the daemon writes: one line of JSON, of any length. */
export type ControlResponse =
  | { readonly id: RequestId; readonly ok: true; readonly result: unknown }
  | { readonly id: RequestId | null; readonly ok: false; readonly error: ControlFailure };

export interface ControlFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** The answer to `reload`: the file that the daemon was started with was read again. */
export type ReloadOutcome =
  | (ReloadReport & {
      readonly reloaded: true;
      /** Absolute paths of what was read, the main file first. */
      readonly files: readonly string[];
      readonly warnings: readonly string[];
    })
  /** It has mistakes, and nothing has changed. */
  | { readonly reloaded: false; readonly problems: readonly CheckProblem[] };

export interface StopArgs {
  /** Take everything out of the firewall before the daemon ends. */
  readonly flush?: boolean;
}

/** The answer to `stop`: the daemon goes on to end, and closes this connection when it has. */
export interface StopOutcome {
  readonly pid: number;
  /** What became of each list; empty without `flush`. */
  readonly lists: FlushOutcome['lists'];
}
