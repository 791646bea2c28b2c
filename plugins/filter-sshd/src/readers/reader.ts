import type { Match } from '@remand/api';

/**
 * Reads one message shape. `at` is the offset behind the shape's prefix. Every reader accounts for
 * the whole message: what it does not expect makes it return undefined.
 */
export type Reader = (message: string, at: number) => Match | undefined;

/** What the monitor puts behind the messages of the process that talks to an unknown client. */
export const preauth = ' [preauth]';

/** The end of the message without ` [preauth]`. */
export function endBeforePreauth(message: string): number {
  return message.endsWith(preauth) ? message.length - preauth.length : message.length;
}
