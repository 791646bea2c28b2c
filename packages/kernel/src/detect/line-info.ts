import type { LineInfo } from '@remand/api';
import type { Header } from './header/header.ts';

/** Makes strings of a header only for filters that ask. */
export class LazyLineInfo implements LineInfo {
  text = '';
  readonly #header: Header;

  constructor(header: Header) {
    this.#header = header;
  }

  get program(): string | undefined {
    const { programStart, programEnd } = this.#header;
    return programStart < 0 ? undefined : this.text.slice(programStart, programEnd);
  }

  get pid(): number | undefined {
    const { pidStart } = this.#header;
    const pid =
      pidStart < 0 ? Number.NaN : Number.parseInt(this.text.slice(pidStart, pidStart + 10), 10);
    return Number.isNaN(pid) ? undefined : pid;
  }
}
