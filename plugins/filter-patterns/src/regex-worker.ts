import { workerData } from 'node:worker_threads';
import { compileRegex } from './compile-regex.ts';
import { type RegexWork, slots } from './regex-work.ts';

/** Waits for messages and tries the regular expressions on them, for `BudgetedRegexes`. */
const { sources, control, text } = workerData as RegexWork;
const regexes = sources.map(compileRegex);
const bytes = Buffer.from(text);
const cells = new Int32Array(control);

for (;;) {
  Atomics.store(cells, slots.state, 0);
  Atomics.notify(cells, slots.state);
  Atomics.wait(cells, slots.state, 0);
  const message = bytes.toString('latin1', 0, cells[slots.length] ?? 0);
  const off = cells[slots.off] ?? 0;
  cells[slots.found] = -1;
  for (const [index, regex] of regexes.entries()) {
    if ((off & (1 << index)) !== 0) continue;
    cells[slots.trying] = index;
    const groups = regex.exec(message)?.indices?.groups;
    const address = groups?.address;
    if (!address) continue;
    const user = groups?.user ?? [-1, -1];
    cells.set([index, ...address, ...user], slots.found);
    break;
  }
}
