import {
  ConfigError,
  InternalError,
  type Logger,
  nearestName,
  printable,
  RemandError,
  reasonOf,
} from '@remand/api';
import { z } from 'zod';
import type { ControlFailure, ControlResponse, RequestId } from './protocol.ts';
import { type ServedVerb, type ServedVerbs, verbArgs } from './verb-args.ts';

const envelope = z.strictObject({
  id: z.union([z.string().max(100), z.number()]),
  verb: z.string().max(100),
  args: z.unknown().optional(),
});

/** Answers one line of a client. Never rejects. */
export async function answer(
  line: string,
  served: ServedVerbs,
  logger: Logger,
): Promise<ControlResponse> {
  let id: RequestId | null = null;
  try {
    const request = readRequest(line);
    id = request.id;
    return { id, ok: true, result: await dispatch(request, served) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'INTERNAL') logger.error('control-failed', { reason: reasonOf(error) });
    return { id, ok: false, error: failure };
  }
}

/** An error as it crosses the socket. */
export function failureOf(error: unknown): ControlFailure {
  const known =
    error instanceof RemandError ? error : new InternalError(printable(reasonOf(error)));
  const { code, message, hint } = known;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

function readRequest(line: string) {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch (error) {
    throw usage('the request is not a line of JSON', error);
  }
  const request = envelope.safeParse(data);
  if (!request.success) throw usage('a request is {"id": …, "verb": "…", "args": {…}}');
  return request.data;
}

async function dispatch(
  request: { readonly verb: string; readonly args?: unknown },
  served: ServedVerbs,
): Promise<unknown> {
  const { verb } = request;
  if (!isVerb(verb)) {
    const nearest = nearestName(verb, Object.keys(verbArgs));
    throw new ConfigError('USAGE', `unknown verb '${printable(verb)}'`, {
      ...(nearest === undefined ? {} : { hint: `did you mean '${nearest}'?` }),
    });
  }
  return call(verb, request.args ?? {}, served);
}

function call<Verb extends ServedVerb>(verb: Verb, given: unknown, served: ServedVerbs) {
  const args = verbArgs[verb].safeParse(given);
  if (!args.success) {
    const mistakes = args.error.issues.map(
      (issue) => `${issue.path.map(String).join('.') || 'args'}: ${issue.message}`,
    );
    throw usage(`${verb}: ${printable(mistakes.join('; '), 500)}`);
  }
  const run = served[verb] as (args: unknown) => Promise<unknown>;
  return run.call(served, args.data);
}

function isVerb(verb: string): verb is ServedVerb {
  return Object.hasOwn(verbArgs, verb);
}

function usage(message: string, cause?: unknown): ConfigError {
  return new ConfigError('USAGE', message, { cause });
}
