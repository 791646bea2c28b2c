import { printedTarget, type Target } from '@remand/api';

/** What `shorewall show bl` prints of the dynamic blacklist. */
export interface ProgramListing {
  readonly hasChain: boolean;
  readonly hasSet: boolean;
  readonly targets: ReadonlySet<Target>;
}

const chainRow =
  /^ *\S+ +\S+ +(?:DROP|reject|logdrop|logreject) +\S+ +(?:\S+ +)?\* +\* +(\S+) +(?:0\.0\.0\.0\/0|::\/0) *$/;
const setRow = /^([0-9a-f.:]+(?:\/[0-9]+)?)(?: |$)/;
const everybody = new Set(['0.0.0.0/0', '::/0']);

export function parseListing(text: string): ProgramListing {
  const targets = new Set<Target>();
  let hasChain = false;
  let hasSet = false;
  let row: RegExp | undefined;
  for (const line of text.split('\n')) {
    if (line === 'Dynamic:') {
      hasSet = true;
      row = setRow;
    } else if (line.startsWith('Chain dynamic ')) {
      hasChain = true;
      row = chainRow;
    } else if (line === '' || line.startsWith('Chain ')) {
      row = undefined;
    } else {
      const printed = row?.exec(line)?.[1];
      if (printed !== undefined && !everybody.has(printed)) targets.add(printedTarget(printed));
    }
  }
  return { hasChain, hasSet, targets };
}
