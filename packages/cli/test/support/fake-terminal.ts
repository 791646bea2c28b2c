import type { Terminal } from '../../src/terminal.ts';

export interface FakeTerminal extends Terminal {
  stdout: string;
  stderr: string;
}

/** Remembers what is written; answers questions from a list. */
export function fakeTerminal(
  some: Partial<Pick<Terminal, 'colour' | 'interactive'>> & {
    readonly answers?: string[];
    readonly now?: number;
    /** What is given on stdin. */
    readonly input?: readonly Uint8Array[];
  } = {},
): FakeTerminal {
  const answers = [...(some.answers ?? [])];
  const terminal: FakeTerminal = {
    stdout: '',
    stderr: '',
    colour: some.colour ?? false,
    interactive: some.interactive ?? false,
    out: (text) => {
      terminal.stdout += text;
    },
    drained: async () => true,
    input: async function* () {
      yield* some.input ?? [];
    },
    err: (text) => {
      terminal.stderr += text;
    },
    ask: async (question) => {
      terminal.stderr += `${question}\n`;
      return answers.shift() ?? '';
    },
    now: () => some.now ?? noon,
  };
  return terminal;
}

/** Local time, so that what is shown does not depend on the zone of the machine. */
export const noon: number = new Date(2026, 10, 24, 12, 0, 0).getTime();

/** So many seconds after noon, as answers of the daemon write it. */
export function at(seconds: number): string {
  return new Date(noon + seconds * 1000).toISOString();
}
