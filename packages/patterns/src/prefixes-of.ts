import type { Expression } from './expression.ts';

/** More beginnings than this are cut where they part. */
const mostPrefixes = 24;

/**
 * The literals one of which a message begins with; undefined where it may begin with anything.
 * None of them begins with another.
 */
export function prefixesOf(expression: Expression): readonly string[] | undefined {
  const { ended, open } = extend(expression, new Set(['']));
  return shortest([...ended, ...open]);
}

/** Those that are left when each also stands for what begins with it. */
export function shortest(prefixes: readonly string[]): readonly string[] | undefined {
  const all = [...new Set(prefixes)];
  if (all.includes('')) return undefined;
  return all.filter((one) => !all.some((other) => other !== one && one.startsWith(other)));
}

interface Beginnings {
  /** Behind these something follows that is no literal. */
  readonly ended: ReadonlySet<string>;
  readonly open: ReadonlySet<string>;
}

function extend(expression: Expression, open: ReadonlySet<string>): Beginnings {
  switch (expression.kind) {
    case 'literal':
      return { ended: new Set(), open: new Set([...open].map((text) => text + expression.text)) };
    case 'repeat':
    case 'capture':
      return { ended: open, open: new Set() };
    case 'sequence': {
      let ended: ReadonlySet<string> = new Set<string>();
      let going = open;
      for (const one of expression.of) {
        if (going.size === 0) break;
        const next = extend(one, going);
        ended = ended.union(next.ended);
        going = next.open;
      }
      return { ended, open: going };
    }
    case 'choice': {
      const each = expression.of.map((one) => extend(one, open));
      const ended = each.reduce((all, one) => all.union(one.ended), new Set<string>());
      const going = each.reduce((all, one) => all.union(one.open), new Set<string>());
      if (ended.size + going.size > mostPrefixes) return { ended: open, open: new Set() };
      return { ended, open: going };
    }
  }
}
