import { hostname } from 'node:os';
import { type Clock, CommandError, type Logger, type Notice, type Notifier } from '@remand/api';
import { isReportedAlready, type ReportOptions, reportOf, reportUrl } from './abuseipdb.ts';
import { answerError } from './answer-error.ts';
import { type Answer, placeOf, post } from './http-post.ts';
import { ntfyTemplate } from './ntfy.ts';
import { type HeaderValue, type Options, whyNotUrl } from './options.ts';
import { payloadOf } from './payload.ts';
import { readSecret } from './secret.ts';
import { signature } from './sign.ts';
import { filled } from './template.ts';
import { valuesOf } from './values.ts';

export interface WebhookGiven {
  readonly options: Options;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Reports that are done: a delivery that failed half-way comes again as a whole. */
const mostRemembered = 1_000;

/** One request for each delivery; of reports to AbuseIPDB one for each ban. */
export class WebhookNotifier implements Notifier {
  readonly #given: WebhookGiven;
  readonly #host: string;
  readonly #stopped = new AbortController();
  readonly #reported = new Set<string>();

  constructor(given: WebhookGiven) {
    this.#given = given;
    this.#host = given.options.host ?? hostname();
  }

  async deliver(notices: readonly Notice[], signal: AbortSignal): Promise<void> {
    const { format } = this.#given.options;
    const either = AbortSignal.any([signal, this.#stopped.signal]);
    either.throwIfAborted();
    if (format?.abuseipdb !== undefined) {
      await this.#report(notices, format.abuseipdb, either);
      return;
    }
    const template = format?.ntfy ? ntfyTemplate(format.ntfy.topic) : format?.template;
    const content =
      template === undefined
        ? payloadOf(notices, this.#host)
        : filled(template, valuesOf(notices, this.#host));
    const url = await this.#url();
    const body = JSON.stringify(content);
    const answer = await this.#post(url, body, 'application/json', either);
    const error = answerError(answer, url);
    if (error !== undefined) throw error;
  }

  /** The kernel ends its deliveries before; what still runs is cut off. */
  async dispose(): Promise<void> {
    this.#stopped.abort(new Error('the notifier has stopped'));
  }

  async #report(
    notices: readonly Notice[],
    given: ReportOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const url = await this.#url();
    // A test reports nothing, and shows all the same that the key cannot be read.
    await headersOf(this.#given.options.headers);
    for (const notice of notices) {
      const form = reportOf(notice, given);
      if (form === undefined || this.#reported.has(notice.id)) continue;
      const answer = await this.#post(url, form, 'application/x-www-form-urlencoded', signal);
      const error = isReportedAlready(answer) ? undefined : answerError(answer, url);
      if (error !== undefined) throw error;
      this.#remember(notice.id);
    }
  }

  #remember(id: string): void {
    this.#reported.add(id);
    const [oldest] = this.#reported;
    if (this.#reported.size > mostRemembered && oldest !== undefined) this.#reported.delete(oldest);
  }

  async #post(url: string, body: string, type: string, signal: AbortSignal): Promise<Answer> {
    const { options, clock } = this.#given;
    const secret = await this.#secret();
    const headers = {
      'User-Agent': 'remand',
      Accept: 'application/json',
      ...(await headersOf(options.headers)),
      'Content-Type': type,
      ...(secret !== undefined && signature(body, secret, clock.now())),
    };
    this.#warnInTheClear(url, headers);
    return post({ url, headers, body, clock, timeoutMs: options.timeout, signal });
  }

  async #url(): Promise<string> {
    const { url, urlFile, urlEnv } = this.#given.options;
    if (url !== undefined) return url;
    if (urlFile === undefined && urlEnv === undefined) return reportUrl;
    const read = await readSecret({ file: urlFile, env: urlEnv });
    const wrong = whyNotUrl(read);
    if (wrong === undefined) return read;
    const where = urlFile ?? `the variable ${urlEnv}`;
    throw new CommandError('NOTICE_FAILED', `the URL in ${where} is none`, { hint: wrong });
  }

  async #secret(): Promise<string | undefined> {
    const { secretFile, secretEnv } = this.#given.options;
    if (secretFile === undefined && secretEnv === undefined) return undefined;
    return readSecret({ file: secretFile, env: secretEnv });
  }

  #isWarned = false;

  /** Once: whoever is on the way can read what is secret. */
  #warnInTheClear(url: string, headers: Readonly<Record<string, string>>): void {
    const { options, logger } = this.#given;
    const { protocol, hostname: to } = new URL(url);
    const isSecret =
      options.urlFile !== undefined ||
      options.urlEnv !== undefined ||
      Object.values(options.headers).some((value) => typeof value === 'object');
    const isNear = /^(?:localhost|127\.[0-9.]+|\[::1\])$/.test(to);
    if (this.#isWarned || protocol === 'https:' || !isSecret || isNear) return;
    this.#isWarned = true;
    logger.warn('secret-in-the-clear', {
      url: placeOf(url),
      headers: Object.keys(headers).length,
      hint: 'write https:// in url',
    });
  }
}

async function headersOf(
  given: Readonly<Record<string, HeaderValue>>,
): Promise<Readonly<Record<string, string>>> {
  const read = Object.entries(given).map(async ([name, value]) => {
    if (typeof value === 'string') return [name, value] as const;
    const place = {
      file: 'file' in value ? value.file : undefined,
      env: 'env' in value ? value.env : undefined,
    };
    return [name, `${value.prefix ?? ''}${await readSecret(place)}`] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
