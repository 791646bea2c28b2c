import { type ActionPlugin, definePlugin, type OptionsSchema } from '@remand/api';
import { anyOptions } from './any-options.ts';
import { MemoryList, type MemoryListGiven } from './memory-list.ts';

export interface MemoryActionGiven extends MemoryListGiven {
  /** Default `memory`. */
  readonly name?: string;
  /** Default `own`. */
  readonly ownership?: 'own' | 'shared';
  /** Default `jail`. */
  readonly scope?: 'jail' | 'host';
  readonly observesOnly?: boolean;
}

export interface MemoryAction {
  /**
   * Takes any options; `list: KEY` among them names the list, so that `{ memory: { list: x } }` in
   * several jails shares one.
   */
  readonly plugin: ActionPlugin<OptionsSchema, readonly []>;
  /** The list with this key. It is there before a kernel asks for it, and after it is gone. */
  list(key: string): MemoryList;
  /** Every list until now by its key. */
  readonly lists: ReadonlyMap<string, MemoryList>;
}

/** An action whose lists are in memory and stay when the kernel goes, as those of a firewall do. */
export function memoryAction(given: MemoryActionGiven): MemoryAction {
  const { name = 'memory', ownership = 'own', scope = 'jail', observesOnly, ...ofList } = given;
  const lists = new Map<string, MemoryList>();
  const list = (key: string) => {
    const found = lists.get(key) ?? new MemoryList(ofList);
    lists.set(key, found);
    return found;
  };
  const plugin = definePlugin({
    kind: 'action',
    name,
    apiVersion: 1,
    summary: 'Keeps lists in memory.',
    options: anyOptions,
    inject: [],
    ownership,
    scope,
    ...(observesOnly === undefined ? {} : { observesOnly }),
    listKey: (options, holder) => namedList(options) ?? byScope[scope](name, holder),
    create: (use) => list(use.list),
  });
  return { plugin, list, lists };
}

const byScope = {
  jail: (name: string, holder: string) => `${name}/${holder}`,
  host: (name: string) => name,
};

function namedList(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null || !('list' in options)) return undefined;
  return typeof options.list === 'string' ? options.list : undefined;
}
