import type { Match } from '@remand/api';

/**
 * Reads one message shape. `at` is the offset behind the shape's prefix. Every reader accounts for
 * the whole message: what it does not expect makes it return undefined, and tell `stop` if
 * somebody wants to know.
 */
export type Reader = (message: string, at: number, stop?: Stop) => Match | undefined;

/** Takes note of where a reader gave up and of what it wanted there. Of several the last counts. */
export type Stop = (at: number, wanted: string) => undefined;

/** What the monitor puts behind the messages of the process that talks to an unknown client. */
export const preauth = ' [preauth]';

/** The end of the message without ` [preauth]`. */
export function endBeforePreauth(message: string): number {
  return message.endsWith(preauth) ? message.length - preauth.length : message.length;
}
