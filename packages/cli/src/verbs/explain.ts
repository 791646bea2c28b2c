import { existsSync } from 'node:fs';
import { ConfigError, printable } from '@remand/api';
import type { LineExplanation } from '@remand/daemon';
import type { Input } from '../input/open-inputs.ts';
import { openInputs } from '../input/open-inputs.ts';
import { exitCodes } from '../output/failure.ts';
import { jsonLine } from '../output/json.ts';
import { renderExplanation, renderState } from '../render/explain.ts';
import { inputNotes } from './input-notes.ts';
import { readLines } from './read-lines.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand explain LINE|-`: what the configuration makes of a line, step by step. */
export const explain: Verb<[lines: readonly string[], options: CommonOptions]> = async (
  { terminal, paint },
  lines,
  options,
) => {
  const line = theOnly(lines);
  const inputs = line === '-' ? await openInputs(['-'], terminal) : [argument(line)];
  const { openExplainer } = await import('@remand/daemon');
  const explainer = await openExplainer(options.config === undefined ? {} : { rc: options.config });
  const { state, maxLineBytes } = explainer;
  try {
    let n = 0;
    const show = (explanation: LineExplanation) =>
      options.json
        ? jsonLine({ n, ...explanation, state })
        : `${n > 1 ? '\n' : ''}${renderExplanation(explanation, terminal.now(), paint)}`;
    if (!options.json) terminal.err(renderState(state, paint));
    const looks = await readLines(inputs, {
      terminal,
      maxLineBytes,
      onLines: (batch) => {
        for (const bytes of batch) {
          n++;
          terminal.out(show(explainer.explain(bytes)));
        }
      },
    });
    terminal.err(inputNotes(looks, 'explain', paint));
    const isText = n > 0 && looks.every(({ binary }) => binary === undefined);
    return isText ? exitCodes.ok : exitCodes.failed;
  } finally {
    await explainer.close();
  }
};

function theOnly(lines: readonly string[]): string {
  const [line = '', ...others] = lines;
  if (others.length === 0) return line;
  throw new ConfigError('USAGE', `explain got ${lines.length} arguments, wanted one line`, {
    hint: inQuotes,
  });
}

/** The argument as a log would hold it. */
function argument(line: string): Input {
  if (line.trim() === '') {
    throw new ConfigError('USAGE', 'explain got an empty line', { hint: inQuotes });
  }
  if (/^\.{0,2}\//.test(line) && existsSync(line)) {
    throw new ConfigError('USAGE', `explain wants a line, and ${printable(line, 300)} is a path`, {
      hint: `pass its lines on stdin: remand explain - < ${printable(line, 300)}`,
    });
  }
  return {
    name: 'the argument',
    async *chunks() {
      yield Buffer.from(line);
    },
  };
}

const inQuotes = "put the line in quotes: remand explain 'Nov 24 10:00:00 host sshd[1]: …'";
