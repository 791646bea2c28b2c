import { printedTarget } from '@remand/api';

/** What `iptables-save -t filter` says that concerns the dynamic blacklist. */
export interface FilterTable {
  /** Shorewall itself takes this chain for the sign that it runs. */
  readonly isRunning: boolean;
  readonly chains: ReadonlySet<string>;
  /** The rules of the chain `dynamic`, with canonical sources; undefined without that chain. */
  readonly dynamic: readonly string[] | undefined;
  /** The sets by which rules match sources. */
  readonly sets: ReadonlySet<string>;
}

export function parseTable(saved: string): FilterTable {
  const chains = new Set<string>();
  const dynamic: string[] = [];
  const sets = new Set<string>();
  for (const line of saved.split('\n')) {
    if (line.startsWith(':')) chains.add(line.slice(1, line.indexOf(' ')));
    else if (line.startsWith('-A dynamic ')) dynamic.push(withTarget(line));
    else {
      const [, set] = / --match-set (\S+) src(?: |$)/.exec(line) ?? [];
      if (set !== undefined) sets.add(set);
    }
  }
  return {
    isRunning: chains.has('shorewall'),
    chains,
    dynamic: chains.has('dynamic') ? dynamic : undefined,
    sets,
  };
}

function withTarget(rule: string): string {
  return rule.replace(
    /^(-A dynamic -s )(\S+)/,
    (_all, start, source) => start + printedTarget(source),
  );
}
