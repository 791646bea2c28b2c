import { addressIn, portStart } from './address.ts';
import { endBeforePreauth, type Reader, type Stop } from './reader.ts';

const FROM = ' from ';
const UNKNOWN_USER = /(?:invalid|illegal) user /y;

/**
 * A reader of `[invalid user ]USER from ADDRESS[ port N][ENDING][ [preauth]]`. It goes from the end
 * backwards, where the client has no say, so USER may hold anything.
 */
export function userFromEnd(...endings: readonly string[]): Reader {
  return (message, at, stop) => {
    let end = endBeforePreauth(message);
    for (const ending of endings) {
      if (!message.endsWith(ending, end)) continue;
      end -= ending.length;
      break;
    }
    const port = portStart(message, end);
    if (port >= 0) end = port;
    return userFrom(message, at, end, stop);
  };
}

/** Reads `[invalid user ]USER from ADDRESS` that fills [at, end). */
export function userFrom(
  message: string,
  at: number,
  end: number,
  stop?: Stop,
): ReturnType<Reader> {
  const userEnd = message.lastIndexOf(FROM, end - FROM.length);
  if (userEnd < at) return stop?.(at, 'USER from ADDRESS');
  UNKNOWN_USER.lastIndex = at;
  const behind = UNKNOWN_USER.test(message) ? UNKNOWN_USER.lastIndex : at;
  const userStart = behind <= userEnd ? behind : at;
  const address = addressIn(message, userEnd + FROM.length, end);
  if (address === undefined) return stop?.(userEnd + FROM.length, 'an address, to its end');
  return { address, user: message.slice(userStart, userEnd) };
}
