import { printable } from '@remand/api';
import type { Paint } from '../output/paint.ts';
import type { Terminal } from '../terminal.ts';
import { banTable, counters, type Scene } from './scene.ts';

/** How the demo is seen: a table that is refreshed, or lines where there is no terminal. */
export interface Show {
  wrote(line: string): void;
  update(scene: Scene): void;
  end(): void;
}

/** Redraws the screen in place; what was there before comes back at the end. */
export function screenShow(terminal: Terminal, paint: Paint, head: string): Show {
  let last = '';
  terminal.out('\u001b[?1049h\u001b[?25l');
  return {
    wrote: (line) => {
      last = line;
    },
    update: (scene) => {
      const log = paint('dim', `last line of the log  ${printable(last, 100)}`);
      const text = `${head}\n${counters(scene)}\n${log}\n\n${banTable(scene, paint)}`;
      const lines = text.replaceAll('\n', '\u001b[K\n');
      terminal.out(`\u001b[H${lines}\u001b[J`);
    },
    end: () => terminal.out('\u001b[?25h\u001b[?1049l'),
  };
}

/** A line for each change. */
export function plainShow(terminal: Terminal, head: string): Show {
  const known = new Map<string, string>();
  terminal.out(`${head}\n`);
  return {
    wrote: () => undefined,
    update: (scene) => {
      const seen = new Set(scene.bans.map(({ address }) => address));
      for (const { address, enforced, until } of scene.bans) {
        // For a moment a ban that is over is still on record: it is reported when it is gone.
        if (until !== null && Date.parse(until) <= scene.now) continue;
        const state = enforced ? `banned for 10 s${witness(scene, address)}` : 'banned, enforcing';
        if (known.get(address) === state) continue;
        known.set(address, state);
        terminal.out(`${printable(address)}: ${state}; ${counters(scene)}\n`);
      }
      for (const address of known.keys()) {
        if (seen.has(address)) continue;
        known.delete(address);
        terminal.out(`${printable(address)}: free again; ${counters(scene)}\n`);
      }
    },
    end: () => undefined,
  };
}

function witness({ firewall }: Scene, address: string): string {
  if (firewall === undefined) return '';
  return firewall.has(address.split('/')[0] ?? address) ? ', nftables has it' : '';
}
