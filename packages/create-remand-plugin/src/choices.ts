import { parseArgs } from 'node:util';
import { isKind, type Kind, kinds } from './kinds.ts';
import { UsageError } from './usage-error.ts';

export const licenses = ['Apache-2.0', 'MIT', 'none'] as const;
export type License = (typeof licenses)[number];

/** What is to be written, and where. */
export interface Choices {
  readonly folder: string;
  readonly kind: Kind;
  readonly name: string;
  readonly license: License;
  readonly author: string | undefined;
  /** A checkout of remand to link from. */
  readonly local: string | undefined;
  readonly help: boolean;
}

/** Asks somebody; undefined where nobody is there to answer. */
export type Ask = ((question: string) => Promise<string>) | undefined;

const namePattern = /^[a-z0-9-]{1,40}$/;

export const usage = `create-remand-plugin [DIR] --kind ${kinds.join('|')} --name NAME
  [--license ${licenses.join('|')}] [--author TEXT] [--local PATH]`;

/**
 * What the arguments say, and whoever is asked.
 * @throws UsageError for what does not fit, and for what is missing when nobody can be asked
 */
export async function readChoices(argv: readonly string[], ask: Ask): Promise<Choices> {
  const { values, positionals } = parsed(argv);
  const { help = false, author, local } = values;
  const kind = help ? '' : await choose(values.kind, ask, kindChoice);
  const name = help ? '' : await choose(values.name, ask, nameChoice);
  const license = values.license ?? (ask && !help ? await ask(licenseQuestion) : '');
  const chosen = licenses.find((one) => one === (license.trim() || 'Apache-2.0'));
  if (chosen === undefined) {
    throw new UsageError(`--license got "${license}", wanted one of ${licenses.join(', ')}`);
  }
  const [folder = `remand-${kind}-${name}`, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`wanted one DIR, got ${positionals.join(' and ')}`);
  return {
    folder,
    kind: isKind(kind) ? kind : 'action',
    name,
    license: chosen,
    author,
    local,
    help,
  };
}

interface Choice {
  readonly option: string;
  readonly question: string;
  readonly wanted: string;
  readonly fits: (text: string) => boolean;
}

const kindChoice: Choice = {
  option: '--kind',
  question: `What kind (${kinds.join(', ')})? `,
  wanted: `one of ${kinds.join(', ')}`,
  fits: isKind,
};

const nameChoice: Choice = {
  option: '--name',
  question: 'Its name in an rc file (a-z, 0-9 and -)? ',
  wanted: '1 to 40 of a-z, 0-9 and -',
  fits: (text) => namePattern.test(text),
};

/** What was given, or an answer: whoever can be asked is asked until it fits. */
async function choose(given: string | undefined, ask: Ask, choice: Choice): Promise<string> {
  const { option, question, wanted, fits } = choice;
  const refusal = (text: string) => `${option} got "${text}", wanted ${wanted}`;
  if (given !== undefined) {
    if (!fits(given)) throw new UsageError(refusal(given));
    return given;
  }
  if (!ask) throw new UsageError(`${option} is missing`);
  let answer = (await ask(question)).trim();
  while (!fits(answer)) answer = (await ask(`${refusal(answer)}. ${question}`)).trim();
  return answer;
}

const licenseQuestion = `Its licence (${licenses.join(', ')}; Apache-2.0 if you just press Enter)? `;

function parsed(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { kind: text, name: text, license: text, author: text, local: text };
  try {
    return parseArgs({
      args: [...argv],
      options: { ...options, help: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
