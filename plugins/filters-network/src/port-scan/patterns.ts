import type { PatternTable } from '@remand/patterns';

/** What the usual firewalls write before a packet that they refuse. */
export const usualPrefixes: readonly string[] = [
  '[UFW BLOCK]',
  'Shorewall:',
  'FINAL_REJECT',
  'filter_IN_',
  'filter_FWD_',
  'DROP',
  'Dropped',
  'REJECT',
  'BLOCK',
  'IPTables-Dropped',
  'iptables denied',
];

/**
 * The log of a packet that was refused: nf_log_syslog.c of Linux. All of it is the kernel's, and only
 * a TCP packet that opens a connection counts: others come with an address that nobody answers to.
 * @param prefixes what the rules of the firewall write before it
 */
export function patternsBehind(prefixes: readonly string[]): PatternTable {
  return {
    parts: {
      clock: '[\\[[{space}]{uptime:word without "]"}\\] ]',
      packet:
        'IN=[{in:word without "="}] OUT=[{out:word without "="}] [PHYSIN={in:word} ][PHYSOUT={out:word} ][MAC=[{mac:word without "="}] ]SRC={address} DST={target:address} LEN={length:number} {more:text without "PROTO="}PROTO=TCP SPT={port} DPT={port} [SEQ={number} ACK={number} ]WINDOW={number} RES={reserved:word} SYN URGP={number}[{space}][{options:text}]',
    },
    patterns: prefixes.map((prefix, index) => ({
      id: `refused-${index + 1}`,
      template: `{clock}${escaped(prefix)}{rule:text without "IN="}{packet}`,
    })),
  };
}

/** As the table of the documentation and the tests have it. */
export const patterns: PatternTable = patternsBehind(usualPrefixes);

function escaped(text: string): string {
  return text.replace(/[[\](){}|\\]/g, '\\$&');
}
