import { preauth } from './reader.ts';

/** Whether the reason that stands at `at`, to the end of the message, is of one kind. */
export type IsReason = (message: string, at: number) => boolean;

const guesses = ['Too many authentication failures', 'Change of username or service not allowed: '];

/** The reasons for which sshd itself ends the connection of somebody who guesses. */
export const isGuessing: IsReason = (message, at) =>
  guesses.some((text) => message.startsWith(text, at));

/** Any other reason, before the login. */
export const isOther: IsReason = (message, at) =>
  message.endsWith(preauth) && !isGuessing(message, at);

export const isAny: IsReason = () => true;

/** SSH_ERR_NO_…_ALG_MATCH in ssherr.c: `no matching cipher found`. */
export const isNoMatch: IsReason = (message, at) => message.startsWith('no matching ', at);
