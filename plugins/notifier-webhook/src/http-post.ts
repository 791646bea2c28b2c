import { type Clock, CommandError, printable, reasonOf } from '@remand/api';

export interface PostGiven {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** The beginning of the body. */
  readonly text: string;
  readonly location: string | null;
  readonly retryAfterMs: number | undefined;
}

const mostAnswerBytes = 16 * 1024;

/**
 * Posts once. A redirect is not followed: the body and the secrets would go where somebody else says.
 * @throws CommandError when there is no answer in time; the signal's reason when it is aborted
 */
export async function post(given: PostGiven): Promise<Answer> {
  const { url, headers, body, clock, timeoutMs, signal } = given;
  const late = new AbortController();
  const cancel = clock.after(timeoutMs, () => late.abort());
  try {
    const response = await fetch(url, {
      method: 'POST',
      // Nothing is unpacked that could be larger than it looks.
      headers: { ...headers, 'Accept-Encoding': 'identity' },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, late.signal]),
    });
    return {
      status: response.status,
      text: await beginningOf(response),
      location: response.headers.get('location'),
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), clock.now()),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw noAnswer(error, url, late.signal.aborted ? timeoutMs : undefined);
  } finally {
    cancel();
  }
}

/** Where a URL leads, without what in it may be a token. */
export function placeOf(url: string): string {
  return printable(URL.parse(url)?.origin ?? 'the URL');
}

async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    // Leaving the loop gives the connection up.
    if (bytes >= mostAnswerBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, mostAnswerBytes).toString('utf8');
}

const mostWaitMs = 86_400_000;

/** Seconds or a date (RFC 9110 § 10.2.3). */
function retryAfterMs(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const ms = /^[0-9]{1,10}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(mostWaitMs, Math.max(0, ms)) : undefined;
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nothing listens there: look at url'],
  [/ENOTFOUND|EAI_AGAIN/, 'the name is not found: look at url'],
  [/CERT|certificate|self.signed/i, 'its certificate is not valid, or nobody known has signed it'],
];

function noAnswer(error: unknown, url: string, timeoutMs: number | undefined): CommandError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = String(Reflect.get(Object(cause), 'code') ?? '');
  const why =
    timeoutMs === undefined
      ? printable(reasonOf(cause) || code, 300)
      : `no answer within ${timeoutMs / 1_000} s`;
  const all = `${code} ${reasonOf(cause)}`;
  const hint = hints.find(([form]) => form.test(all))?.[1] ?? 'look whether it works, and at url';
  return new CommandError('NOTICE_FAILED', `webhook ${placeOf(url)}: ${why}`, { hint, cause });
}
