import type { PatternTable } from '@remand/patterns';
import { accessParts } from '../access-log.ts';

/** Programs that harvest addresses or look for holes, as they call themselves. */
export const usualAgents: readonly string[] = [
  'sqlmap/',
  'Nikto',
  'Nmap Scripting Engine',
  'masscan/',
  'zgrab/',
  'WPScan',
  'DirBuster',
  'gobuster/',
  'feroxbuster/',
  'Fuzz Faster U Fool',
  'Nuclei',
  'Acunetix',
  'Nessus',
  'OpenVAS',
  'w3af',
  'Havij',
  'ZmEu',
  'Morfeus',
  'EmailCollector',
  'EmailSiphon',
  'EmailWolf',
  'ExtractorPro',
  'atSpider',
  'WebBandit',
  'CherryPicker',
  'Internet Explore 5.x',
];

/** @param agents how the names of the programs begin */
export function patternsOf(agents: readonly string[]): PatternTable {
  const names = agents.map((agent) => agent.replace(/[[\](){}|\\]/g, '\\$&')).join('|');
  return {
    parts: accessParts,
    patterns: [
      {
        // What else the client says stands between quotation marks, which are escaped there.
        id: 'bad-agent',
        versions: 'combined',
        template: `{access}"{request:text without '"'}" {status:number} {bytes:host} "{referer:text without '"'}" "[Mozilla/{mozilla:host} \\((compatible; |)](${names}){rest}`,
      },
    ],
  };
}

/** As the table of the documentation and the tests have it. */
export const patterns: PatternTable = patternsOf(usualAgents);
