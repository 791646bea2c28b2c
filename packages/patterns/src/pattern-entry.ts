/** One shape of message of a service. */
export interface PatternEntry {
  /** Its name in the documentation, in samples and in `remand explain`: `failed-login`. */
  readonly id: string;
  /** See `parseTemplate`. It holds exactly one `{address}`, unless it `tells` something else, and accounts for the whole message. */
  readonly template: string;
  /**
   * What the line tells of a conversation (see `Filter.converse`) when it is no match by itself: who
   * it is with, that there is an offence, that it is over, or whom it was with as it ends. A template
   * that tells the address holds one, the others none. A capture `{conversation:…}` joins the lines; without one the process does.
   */
  readonly tells?: 'address' | 'offence' | 'end' | 'address-at-end';
  /** The versions of the service that write it: `5.0- (port since 7.3)`. */
  readonly versions?: string;
  /** The mode of the filter from which on it counts, where a filter has modes. */
  readonly mode?: string;
  /** The programs that write it, when the filter has several, as in `Filter.programs`. */
  readonly programs?: readonly (string | null)[];
}

/** What a filter recognises, as data. */
export interface PatternTable {
  /** Pieces that templates share, by the name that they use in braces. */
  readonly parts?: Readonly<Record<string, string>>;
  /** In the order in which they are tried. */
  readonly patterns: readonly PatternEntry[];
}
