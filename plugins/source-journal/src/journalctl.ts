import { readFile } from 'node:fs/promises';
import type { CommandRunner, CommandStream } from '@remand/api';
import type { Place } from './place.ts';
import { placeIn, shownFields } from './read-entry.ts';
import { disjunction, type Selection } from './selection.ts';

export interface JournalctlGiven {
  readonly commands: CommandRunner;
  readonly place: Place;
  readonly selections: readonly Selection[];
  /** Ends what is asked. */
  readonly signal?: AbortSignal;
}

/** A look at the newest entry. */
export interface Newest {
  readonly entry: { readonly cursor: string; readonly at: number } | undefined;
  /** What journalctl complains about. */
  readonly complaint: string;
}

const probeMs = 20_000;

/** The arguments of journalctl for one journal. */
export class Journalctl {
  readonly #given: JournalctlGiven;
  #common: Promise<readonly string[]> | undefined;

  constructor(given: JournalctlGiven) {
    this.#given = given;
  }

  /** The newest entry that is wanted. @throws CommandError when the journal cannot be read */
  async newest(): Promise<Newest> {
    return this.#look(['--lines=1'], await this.#matches());
  }

  /** Whether the journal holds any entry at all. @throws CommandError as above */
  async isEmpty(): Promise<boolean> {
    const { entry } = await this.#look(['--lines=1'], []);
    return entry === undefined;
  }

  /** Whether the entry of a cursor is still there. */
  async holds(cursor: string): Promise<boolean> {
    try {
      const matches = await this.#matches();
      const { entry } = await this.#look([`--cursor=${cursor}`, '--lines=1'], matches);
      return entry?.cursor === cursor;
    } catch {
      // A cursor that journalctl refuses is none that it can begin at.
      return false;
    }
  }

  /** Follows the journal. @param from where to begin: `--after-cursor=…` or `--since=…` */
  async follow(from: string): Promise<CommandStream> {
    const { selections, commands } = this.#given;
    const fields = new Set([...shownFields, ...selections.flatMap((one) => one.fields)]);
    return commands.stream([
      ...this.#base(),
      // `--all`: messages longer than 4096 bytes are written too.
      '--all',
      '--follow',
      '--no-tail',
      from,
      `--output-fields=${[...fields].join(',')}`,
      ...(await this.#matches()),
    ]);
  }

  /** Without `--merge`, `--follow` means this boot alone, and loses an entry behind a cursor of another. */
  #base(): readonly string[] {
    return ['journalctl', '-o', 'json', '--no-pager', '--merge', ...this.#given.place.args];
  }

  async #matches(): Promise<readonly string[]> {
    this.#common ??= commonMatches(this.#given.place);
    return disjunction(this.#given.selections, await this.#common);
  }

  async #look(how: readonly string[], matches: readonly string[]): Promise<Newest> {
    const argv = [...this.#base(), '--output-fields=_PID', ...how, ...matches];
    const { commands, signal } = this.#given;
    const options = { timeoutMs: probeMs, ...(signal && { signal }) };
    const { stdout, stderr } = await commands.run(argv, options);
    const line = stdout.trim().split('\n').at(-1) ?? '';
    const entry = placeIn(line);
    return { entry: entry && { cursor: entry.cursor, at: entry.at }, complaint: stderr.trim() };
  }
}

/** `--merge` shows the journals of other machines too, where they lie beside the machine's own. */
async function commonMatches({ isOwn }: Place): Promise<readonly string[]> {
  if (!isOwn) return [];
  const id = await readFile('/etc/machine-id', 'latin1').catch(() => '');
  return /^[0-9a-f]{32}$/.test(id.trim()) ? [`_MACHINE_ID=${id.trim()}`] : [];
}
