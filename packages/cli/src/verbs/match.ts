import { openInputs } from '../input/open-inputs.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonLine } from '../output/json.ts';
import { MatchReport } from '../render/match.ts';
import { filterOptions } from './filter-options.ts';
import { inputNotes } from './input-notes.ts';
import { readLines } from './read-lines.ts';
import type { CommonOptions, Verb } from './verb.ts';

export interface MatchOptions extends CommonOptions {
  readonly option?: readonly string[];
}

/** `remand match FILTER [LOG…|-]`: what a filter makes of each line. Exit code 1 for no match. */
export const match: Verb<[filter: string, logs: readonly string[], options: MatchOptions]> = async (
  { terminal, paint },
  filter,
  logs,
  options,
) => {
  const inputs = await openInputs(logs.length === 0 ? ['-'] : logs, terminal);
  const { openFilterTrial } = await import('@remand/daemon');
  const trial = await openFilterTrial({
    filter,
    options: filterOptions(options.option ?? []),
    ...(options.config === undefined ? {} : { rc: options.config }),
  });
  try {
    let n = 0;
    let matched = 0;
    const report = options.json ? undefined : new MatchReport(trial, paint);
    const looks = await readLines(inputs, {
      terminal,
      maxLineBytes: trial.maxLineBytes,
      onLines: (lines, binary) => {
        if (binary) report?.keepShort();
        let text = '';
        for (const line of lines) {
          n++;
          const verdict = trial.read(line);
          if (verdict.match) matched++;
          const { match: isMatch, address, user, time } = verdict;
          text += report
            ? report.line(n, line, verdict)
            : jsonLine({ n, match: isMatch, address, user, time });
        }
        if (text !== '') terminal.out(text);
      },
    });
    if (report) terminal.out(report.end());
    terminal.err(inputNotes(looks, `match ${filter}`, paint));
    return matched > 0 ? exitCodes.ok : exitCodes.failed;
  } finally {
    await trial.close();
  }
};
