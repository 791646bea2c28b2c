import { isAbsolute, join } from 'node:path';

/** What counts where neither a jail nor `defaults` says otherwise. */
export const builtinDefaults = {
  findTimeMs: 600_000,
  maxRetry: 3,
  knownMaxRetry: { maxRetry: 1, withinMs: 2_592_000_000 },
  banTimeMs: 600_000,
  network: { after: 8, withinMs: 86_400_000, banTimeMs: 86_400_000, v4: [24], v6: [56, 48] },
  banGrowth: {
    factor: 2,
    max: '1w',
    maxMs: 604_800_000,
    forgetAfter: '30d',
    forgetAfterMs: 2_592_000_000,
  },
  fuse: { bans: 20_000, withinMs: 60_000 },
  maxLineBytes: 16_384,
  maxTracked: 100_000,
  log: { level: 'info', format: 'text' },
} as const;

export interface Surroundings {
  readonly isRoot: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

export function defaultStatePath({ isRoot, env, home }: Surroundings): string {
  if (isRoot) return '/var/lib/remand';
  return join(absolute(env.XDG_STATE_HOME) ?? join(home, '.local', 'state'), 'remand');
}

/** Without root and without a runtime folder the socket lies with the ledger. */
export function defaultSocket({ isRoot, env }: Surroundings, statePath: string): string {
  if (isRoot) return '/run/remand/control.sock';
  const runtime = absolute(env.XDG_RUNTIME_DIR);
  return join(runtime === undefined ? statePath : join(runtime, 'remand'), 'control.sock');
}

/** The XDG base directory specification says to ignore relative ones. */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}
