/**
 * Options as they may be shown: what a key calls a password, token or the like is `***`. Names of
 * files and variables that hold one (`passwordFile`, `tokenEnv`) stay. Plugins take no secret in the
 * rc file itself; this is for the one that is written there all the same.
 */
export function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      secretKey.test(key) && !isPlace(member) ? '***' : hideSecrets(member),
    ]),
  );
}

const secretKey =
  /(?:pass(?:word|phrase|wd)?|secret|token|api[-_]?key|authorization|cookie|credentials?)$|^key$/i;

/** A map says where the secret is, unless it is one itself. */
function isPlace(member: unknown): boolean {
  return typeof member === 'object' && member !== null;
}
