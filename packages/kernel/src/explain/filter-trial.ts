import {
  type Clock,
  ConfigError,
  type ConfigProblem,
  type Match,
  printable,
  reasonOf,
} from '@remand/api';
import { parseAddress } from '../address/normalise.ts';
import { formatRange } from '../address/parse-target.ts';
import { noPlugins } from '../build.ts';
import { noCommands, silentLogger, systemClock } from '../defaults.ts';
import { Conversations } from '../detect/conversations.ts';
import { Dispatch, type Rule } from '../detect/dispatch.ts';
import { hostOf } from '../detect/header/header.ts';
import { createInstance, pluginServices } from '../instances.ts';
import { Catalogue } from '../plugins/catalogue.ts';
import { importModule } from '../plugins/import-module.ts';
import { resolveUse } from '../plugins/resolve-use.ts';
import type { FilterDetails, FilterTrial, FilterTrialGiven, LineVerdict } from './contract.ts';
import { HeaderReader } from './header-reader.ts';
import { decoded, lineText, matchOf } from './line-text.ts';
import { notOffered } from './not-offered.ts';
import { patternTrials } from './pattern-trials.ts';

/**
 * Finds a filter and creates it, alone.
 * @throws ConfigError `USAGE` with every problem: no such filter, wrong options
 */
export async function createFilterTrial(given: FilterTrialGiven): Promise<FilterTrial> {
  const { name, options, plugins, clock = systemClock } = given;
  const catalogue = await Catalogue.load({
    config: { plugins },
    bundled: given.bundled ?? noPlugins,
    importModule: given.importModule ?? importModule,
  });
  const problems: ConfigProblem[] = [];
  const plugin = await catalogue.find('filter', name, []);
  const use = { name, options, path: [] };
  const resolved = plugin && (await resolveUse(plugin, use, problems));
  problems.unshift(...catalogue.problems);
  if (!resolved || problems.length > 0) throw refused(problems);
  const services = pluginServices({ clock, logger: silentLogger, commands: noCommands });
  const id = `filter ${name}`;
  const filter = createInstance(services, resolved.plugin, { options: resolved.options }, id);
  return new LoneFilter({ name, filter, clock, maxLineBytes: given.maxLineBytes });
}

function refused(problems: readonly ConfigProblem[]): ConfigError {
  const [first] = problems;
  const sentences = problems.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(' › ')}: ${message}`,
  );
  return new ConfigError('USAGE', sentences.join('\n  '), {
    problems,
    ...(first?.hint !== undefined && { hint: first.hint }),
  });
}

type Filter = Rule['group']['filter'];

class LoneFilter implements FilterTrial {
  readonly filter: string;
  readonly #filter: Filter;
  readonly #clock: Clock;
  readonly #maxLineBytes: number;
  readonly #dispatch: Dispatch;
  readonly #reader = new HeaderReader();
  #text = '';
  #notOffered: FilterDetails['notOffered'] = null;
  #answer: Match | undefined;
  #failure: string | null = null;
  readonly #conversations = new Conversations();
  #heardAt = 0;

  constructor(given: {
    readonly name: string;
    readonly filter: Filter;
    readonly clock: Clock;
    readonly maxLineBytes: number;
  }) {
    this.filter = given.name;
    this.#filter = given.filter;
    this.#clock = given.clock;
    this.#maxLineBytes = given.maxLineBytes;
    this.#dispatch = new Dispatch([{ filter: given.filter, jails: [] }]);
  }

  read(line: Uint8Array): LineVerdict {
    const reader = this.#reader;
    const text = lineText(line);
    this.#text = text;
    reader.read(text);
    const time = reader.time(this.#clock.now());
    this.#notOffered = this.#whyNotOffered(text);
    this.#failure = null;
    const match = this.#notOffered ? undefined : this.#match(text);
    this.#answer = match;
    const range = match && parseAddress(match.address);
    return {
      match: range !== undefined,
      address: range ? formatRange(range) : null,
      user: range && match?.user !== undefined ? decoded(match.user) : null,
      time,
      notOffered: this.#notOffered?.reason ?? null,
      failure: this.#failure,
    };
  }

  details(): FilterDetails {
    const { header, info } = this.#reader;
    const reason = this.#notOffered?.reason;
    const isAsked = reason === undefined || reason === 'other-beginning';
    return {
      header: this.#reader.facts(this.#clock.now()),
      notOffered: this.#notOffered,
      match: this.#answer ? matchOf(this.#answer) : null,
      patterns: isAsked
        ? patternTrials(this.#filter, this.#text.slice(header.messageStart), info)
        : null,
    };
  }

  async close(): Promise<void> {
    await this.#filter.dispose?.();
  }

  #whyNotOffered(text: string): FilterDetails['notOffered'] {
    if (text === '') return { reason: 'empty', text: 'the line is empty' };
    if (text.length > this.#maxLineBytes) {
      const limit = `longer than ${this.#maxLineBytes} bytes are counted, and never matched`;
      return { reason: 'too-long', text: `lines ${limit}` };
    }
    const { header } = this.#reader;
    const all = this.#dispatch.all.rules;
    const [rule] = all;
    if (!rule) return null;
    let { rules } = this.#dispatch.rulesOf(text, header);
    // Without a time the first word before a colon is only taken for a program (`error: …`).
    if (header.kind === 'none' || (header.kind === 'timeless' && rules.length === 0)) {
      this.#reader.readWhole(text);
      rules = all;
    }
    return notOffered({ rule, rules, text, header });
  }

  #match(text: string): Match | undefined {
    const { header, info } = this.#reader;
    const message = text.slice(header.messageStart);
    try {
      const match = this.#filter.match(message, info);
      if (match !== undefined) return match;
      const piece = this.#filter.converse?.(message, info);
      if (piece === undefined) return undefined;
      const at = this.#reader.time(this.#clock.now());
      const heardAt = at === null ? this.#heardAt : Date.parse(at);
      this.#heardAt = heardAt;
      const host = hostOf(text, header, 0);
      return this.#conversations.hear({ stream: '', filter: '' }, piece, host, heardAt);
    } catch (error) {
      this.#failure = printable(reasonOf(error));
      return undefined;
    }
  }
}
