import type { SourceUse } from '@remand/api';
import type { DockerFormat } from './docker-lines.ts';
import { coversPath, isPattern } from './expand-paths.ts';
import type { FileOptions } from './options.ts';

type Use = SourceUse<FileOptions>;

/** Uses that read lines in the same way share a stream per file. */
interface Variant {
  readonly timeZone: string | undefined;
  readonly header: 'auto' | 'none';
  readonly docker: DockerFormat | undefined;
  readonly uses: readonly Use[];
}

/** One way to read one file: its stream and whose lines they are. */
export interface StreamPlan {
  readonly stream: string;
  /** Where a bookmark of the file stands that was kept before this stream had a name of its own. */
  readonly fallbackStream: string;
  readonly group: string;
  readonly timeZone: string | undefined;
  readonly header: 'auto' | 'none';
  readonly docker: DockerFormat | undefined;
  readonly uses: readonly string[];
  readonly lookBackMs: number;
}

/** One entry of `paths`, with the uses that have it. */
export interface PathEntry {
  readonly entry: string;
  readonly uses: readonly string[];
}

/** What the uses want of which path. */
export class UsePaths {
  readonly entries: readonly PathEntry[];
  readonly #variants: readonly Variant[];

  constructor(uses: readonly Use[]) {
    const entries = [...new Set(uses.flatMap(({ options }) => options.paths))];
    this.entries = entries.map((entry) => ({
      entry,
      uses: uses.filter(({ options }) => options.paths.includes(entry)).map(({ id }) => id),
    }));
    this.#variants = variantsOf(uses);
  }

  get patterns(): readonly string[] {
    return this.entries.map(({ entry }) => entry).filter(isPattern);
  }

  get plainPaths(): readonly string[] {
    return this.entries.map(({ entry }) => entry).filter((entry) => !isPattern(entry));
  }

  /**
   * One stream per way in which a file is to be read. The first has the plain name, so that the
   * bookmark stays the same when the only use of a file changes its options.
   */
  plansFor(path: string): readonly StreamPlan[] {
    const plans: StreamPlan[] = [];
    for (const { timeZone, header, docker, uses } of this.#variants) {
      const covering = uses.filter(({ options }) =>
        options.paths.some((entry) => coversPath(entry, path)),
      );
      if (covering.length === 0) continue;
      const format = docker ? `&docker=${docker.program ?? ''}` : '';
      const way = `header=${header}&timeZone=${timeZone ?? ''}${format}`;
      const plain = `file:${path}`;
      const jails = [...new Set(covering.flatMap((use) => use.jails))].sort();
      plans.push({
        stream: plans.length === 0 ? plain : `${plain}?${way}`,
        fallbackStream: plain,
        group: `${way}|${jails.join()}`,
        timeZone,
        header,
        docker,
        uses: covering.map(({ id }) => id),
        lookBackMs: Math.max(...covering.map(({ lookBackMs }) => lookBackMs)),
      });
    }
    return plans;
  }
}

function dockerOf({ format, header, program }: FileOptions): DockerFormat | undefined {
  return format === 'docker' ? { withTime: header === 'auto', program } : undefined;
}

function variantsOf(uses: readonly Use[]): readonly Variant[] {
  const groups = Map.groupBy(uses, ({ options }) => {
    const { header, timeZone = '', format, program = '' } = options;
    return [header, timeZone, format, program].join(' ');
  });
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, [first, ...others]]) => ({
      timeZone: first?.options.timeZone,
      header: first?.options.header ?? 'auto',
      docker: first && dockerOf(first.options),
      uses: first ? [first, ...others] : others,
    }));
}
