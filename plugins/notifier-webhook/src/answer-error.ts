import { CommandError, printable } from '@remand/api';
import { type Answer, placeOf } from './http-post.ts';

/** Why an answer is no success, or nothing. */
export function answerError(answer: Answer, url: string): CommandError | undefined {
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return undefined;
  const said = answer.text.trim();
  const words = said === '' ? '' : `: ${printable(said, 200)}`;
  const message = `webhook ${placeOf(url)} answered ${status}${words}`;
  return new CommandError(isForGood(status) ? 'NOTICE_REFUSED' : 'NOTICE_FAILED', message, {
    hint: hintFor(answer),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Another try of the same would end the same. A login (401, 407) may become right meanwhile. */
function isForGood(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 407, 408, 425, 429].includes(status);
}

function hintFor({ status, location }: Answer): string {
  if (status >= 300 && status < 400) {
    const where = location === null ? '' : ` (it points to ${printable(placeOf(location))})`;
    return `redirects are not followed: write the address itself into url${where}`;
  }
  if (status === 401 || status === 403 || status === 407) {
    return 'it wants another login: look at headers, and at the file or variable of the token';
  }
  if (status === 404 || status === 405 || status === 410) return 'look at url';
  if (status === 413) return 'it takes no body of that size';
  if (status === 429) return 'it is asked too often; it is asked again when it said';
  return status < 500 ? 'it does not take this body: look at format' : 'it has trouble of its own';
}
