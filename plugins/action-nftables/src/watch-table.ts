import type { Clock, CommandRunner, CommandStream, Logger } from '@remand/api';

export interface WatchGiven {
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly chain: string;
  /** Whether what happens now is most likely our own doing. */
  readonly isOwnEcho: () => boolean;
  /** Whether a terse listing of the table holds all that the list needs. */
  readonly isWhole: (listing: string) => boolean;
  readonly onChange: (what: string) => void;
}

const probeEveryMs = 5_000;
const restartAfterMs = 10_000;

/**
 * Tells of changes that others make: `nft monitor destroy` names what is deleted as it happens
 * (also a flush; not what expires), and a cheap listing without elements, every five seconds,
 * finds what the monitor missed.
 */
export function watchTable(given: WatchGiven): void {
  void monitor(given);
  probeLater(given);
}

async function monitor(given: WatchGiven): Promise<void> {
  const { commands, clock, logger, signal, onChange } = given;
  let stream: CommandStream | undefined;
  const end = () => void stream?.stop();
  signal.addEventListener('abort', end, { once: true });
  try {
    if (signal.aborted) return;
    stream = commands.stream(['nft', 'monitor', 'destroy']);
    for await (const line of stream.lines) {
      if (signal.aborted) break;
      if (concerns(line, given.chain) && !given.isOwnEcho()) onChange(line.slice(0, 80));
    }
    const { exitCode } = await stream.exited;
    if (!signal.aborted) logger.debug('nft-monitor-ended', { exitCode });
  } catch (error) {
    logger.debug('nft-monitor-failed', { reason: String(error).slice(0, 200) });
  } finally {
    signal.removeEventListener('abort', end);
    if (!signal.aborted) clock.after(restartAfterMs, () => void monitor(given));
  }
}

/** `delete element inet remand ban-sshd-v4_32 { … }`, `delete table inet remand`, … */
function concerns(line: string, chain: string): boolean {
  const [verb, kind, family, table, name = ''] = line.split(' ', 5);
  if (verb !== 'delete' || family !== 'inet' || table !== 'remand') return false;
  return kind === 'table' || name === chain || name.startsWith(`${chain}-v`);
}

function probeLater(given: WatchGiven): void {
  const cancel = given.clock.after(probeEveryMs, () => {
    if (!given.signal.aborted) void probe(given).finally(() => probeLater(given));
  });
  given.signal.addEventListener('abort', cancel, { once: true });
}

async function probe({
  commands,
  signal,
  isWhole,
  isOwnEcho,
  onChange,
}: WatchGiven): Promise<void> {
  try {
    const { stdout } = await commands.run(['nft', '-t', 'list', 'table', 'inet', 'remand'], {
      signal,
    });
    if (!isWhole(stdout) && !isOwnEcho()) onChange('the table is not whole');
  } catch {
    // No table, no nft, no permission: `list` will find out which and say it.
    if (!signal.aborted && !isOwnEcho()) onChange('the table cannot be read');
  }
}
