/**
 * Jails that ban at the first failed login, as an rc file has them: a ban time by jail, and the
 * actions of all of them, in the form of the rc file.
 */
export function sshdJails(
  banTimes: Readonly<Record<string, string>>,
  actions: readonly (string | object)[],
): string {
  const use = JSON.stringify(actions);
  return Object.entries(banTimes)
    .map(
      ([name, banTime]) =>
        `  ${name}: { filter: sshd, sources: [LOG], maxRetry: 1, banTime: ${banTime}, actions: ${use} }`,
    )
    .join('\n');
}
