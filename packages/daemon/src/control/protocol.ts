import type { ErrorCode, FlushOutcome } from '@remand/api';

/** The client's own number for a request; the answer carries it back. */
export type RequestId = string | number;

/**
 * What a client writes: one line of JSON, at most 64 KiB. Requests of one connection are answered
 * in order.
 */
export interface ControlRequest {
  readonly id: RequestId;
  /** A verb of `ControlApi`, or `stop`. */
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
