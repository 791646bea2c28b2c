import { type Clock, PluginError } from '@remand/api';

/**
 * Awaits a call into a plugin for at most `deadlineMs`; its signal aborts then. A plugin that
 * ignores the signal cannot block: the late outcome is dropped.
 * @throws PluginError PLUGIN_TIMEOUT
 */
export async function withDeadline<T>(
  given: { readonly clock: Clock; readonly deadlineMs: number; readonly what: string },
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const late = Promise.withResolvers<never>();
  const cancel = given.clock.after(given.deadlineMs, () => {
    abort.abort();
    late.reject(
      new PluginError('PLUGIN_TIMEOUT', `${given.what} did not end within ${given.deadlineMs} ms`, {
        plugin: given.what,
        phase: 'work',
      }),
    );
  });
  try {
    return await Promise.race([call(abort.signal), late.promise]);
  } finally {
    cancel();
  }
}
