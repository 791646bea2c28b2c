/** Why a method must not return this, as the kernel would say it; undefined when it may. */
export function wrongReturn(method: string, value: unknown): string | undefined {
  const rule = rules[method];
  return rule === undefined || rule.accepts(value) ? undefined : rule.sentence;
}

const rules: Readonly<
  Record<string, { readonly sentence: string; readonly accepts: (value: unknown) => boolean }>
> = {
  match: {
    sentence: 'returned something else than { address } or undefined',
    accepts: (value) => value === undefined || typeof memberOf(value, 'address') === 'string',
  },
  explain: {
    sentence: 'returned something else than a list of trials',
    accepts: (value) => Array.isArray(value),
  },
  apply: {
    sentence: 'returned something else than { refused: […] }',
    accepts: (value) => Array.isArray(memberOf(value, 'refused')),
  },
  list: {
    sentence: 'returned something else than a listing with its state',
    accepts: (value) => {
      const state = memberOf(value, 'state');
      if (state === 'known') return Array.isArray(memberOf(value, 'entries'));
      return state === 'unavailable' || state === 'unlisted';
    },
  },
};

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
