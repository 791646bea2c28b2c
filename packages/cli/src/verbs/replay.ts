import { ConfigError, printable } from '@remand/api';
import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import { renderReplay } from '../render/replay.ts';
import { replayProgress } from '../render/replay-progress.ts';
import type { CommonOptions, Verb } from './verb.ts';

export interface ReplayOptions extends CommonOptions {
  readonly jail?: string;
  readonly year?: string;
}

/** `remand replay LOG…`: what the rc file would have done with old logs. */
export const replay: Verb<[logs: readonly string[], options: ReplayOptions]> = async (
  { terminal, paint },
  logs,
  options,
) => {
  const { config, jail } = options;
  const year = options.year === undefined ? undefined : yearOf(options.year);
  const { replayRc } = await import('@remand/daemon/replay');
  const show = terminal.progress && replayProgress(terminal.progress, terminal.now);
  try {
    const report = await replayRc({
      logs,
      ...(config !== undefined && { rc: config }),
      ...(jail !== undefined && { jail }),
      ...(year !== undefined && { year }),
      ...(show && { onProgress: show }),
    });
    terminal.progress?.('');
    if (options.json) {
      const { lines, matched, seconds, bans, warnings } = report;
      for (const warning of warnings) terminal.err(`remand: ${printable(warning, 500)}\n`);
      terminal.out(jsonDocument({ lines, matched, seconds, bans }));
    } else {
      terminal.out(renderReplay(report, paint));
    }
    return exitCodes.ok;
  } catch (error) {
    terminal.progress?.('');
    throw error;
  }
};

function yearOf(text: string): number {
  if (/^[0-9]{4}$/.test(text) && Number(text) >= 1970) return Number(text);
  throw new ConfigError(
    'USAGE',
    `--year got '${printable(text, 40)}', wanted four digits, from 1970 on`,
  );
}
