import { apiVersion, oldestApiVersion } from './plugin.ts';

/** What becomes of a plugin that was built for a version of the contracts. */
export type ApiVersionVerdict = 'loads' | 'too new' | 'too old' | 'malformed';

/**
 * The compatibility rule: a plugin loads when the whole number that it was built for is one of those
 * that this remand supports, from the oldest to the current one. Additions that are optional raise
 * nothing, so within a number every plugin loads in every remand.
 * @param built what the plugin says, whatever that is
 */
export function judgeApiVersion(
  built: unknown,
  { oldest = oldestApiVersion, current = apiVersion } = {},
): ApiVersionVerdict {
  if (typeof built !== 'number' || !Number.isSafeInteger(built) || built < 1) return 'malformed';
  if (built > current) return 'too new';
  return built < oldest ? 'too old' : 'loads';
}
