import type { CommonOptions, Verb } from './verb.ts';

/** How long something that forgot to end may keep an ended daemon alive. */
const lingerMs = 1_000;

/** `remand run [--observe]`: is the daemon, until it is told to stop. */
export const run: Verb<[options: CommonOptions & { readonly observe?: boolean }]> = async (
  _context,
  options,
) => {
  const { runDaemon } = await import('@remand/daemon');
  const code = await runDaemon({
    ...(options.config === undefined ? {} : { rc: options.config }),
    ...(options.socket === undefined ? {} : { socket: options.socket }),
    observe: options.observe ?? false,
  });
  setTimeout(() => process.exit(code), lingerMs).unref();
  return code;
};
