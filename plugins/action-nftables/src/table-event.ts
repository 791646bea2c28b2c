import { printedTarget } from '@remand/api';

/** Something in `inet remand` was deleted. */
export interface TableEvent {
  readonly kind: 'table' | 'chain' | 'set' | 'rule' | 'element';
  /** The chain or set; the chain of a rule, the set of an element; empty for the table. */
  readonly name: string;
  /** The addresses of deleted elements. */
  readonly addresses: readonly string[];
}

const deletion =
  /^delete (?:(table) inet remand|(chain|set|rule|element) inet remand (\S+))(?: (.*))?$/;

/**
 * Reads a line of `nft monitor destroy`: `delete element inet remand ban-a-v4_32 { 192.0.2.1 }`.
 * Undefined for what is not about our table.
 */
export function parseEvent(line: string): TableEvent | undefined {
  const found = deletion.exec(line);
  if (!found) return undefined;
  const [, table, kind, name = '', rest = ''] = found;
  if (table !== undefined) return { kind: 'table', name: '', addresses: [] };
  return {
    kind: kind as 'chain' | 'set' | 'rule' | 'element',
    name,
    addresses: kind === 'element' ? addressesIn(rest) : [],
  };
}

/** `{ 192.0.2.1 timeout 1h expires 59m, 192.0.2.2 }` */
function addressesIn(elements: string): readonly string[] {
  return elements
    .replace(/^\{ | \}$/g, '')
    .split(', ')
    .map((element) => printedTarget(element.trim().split(' ', 1)[0] ?? ''));
}
