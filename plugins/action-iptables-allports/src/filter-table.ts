/** The rules of the table `filter` by chain, each as `iptables-save` prints it. */
export type FilterTable = ReadonlyMap<string, readonly string[]>;

/** Reads the output of `iptables-save -t filter`; nothing is there before the first rule. */
export function parseTable(saved: string): FilterTable {
  const table = new Map<string, string[]>();
  for (const line of saved.split('\n')) {
    if (line.startsWith(':')) table.set(line.slice(1, line.indexOf(' ')), []);
    else if (line.startsWith('-A ')) table.get(line.slice(3, line.indexOf(' ', 3)))?.push(line);
  }
  return table;
}
