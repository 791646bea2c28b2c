/**
 * Calls something and measures for how long it kept this thread busy, in ms of processor time:
 * however busy the machine is with other things, that is the call's own.
 */
export function blockingTime<T>(call: () => T): { readonly result: T; readonly busyMs: number } {
  const before = process.threadCpuUsage();
  const result = call();
  const { user, system } = process.threadCpuUsage(before);
  return { result, busyMs: (user + system) / 1_000 };
}
