/** What a worker shares with those who ask it. */
export interface RegexWork {
  readonly sources: readonly string[];
  /** Cells of 32 bits, by `slots`. */
  readonly control: SharedArrayBuffer;
  /** The message, one byte per character. */
  readonly text: SharedArrayBuffer;
}

/** Places in `control`. */
export const slots = {
  /** 0: idle; 1: there is a message. */
  state: 0,
  /** Of the message. */
  length: 1,
  /** One bit for each regular expression that is switched off. */
  off: 2,
  /** The index of the one that is being tried. */
  trying: 3,
  /** The index of the one that matched, or -1; then start and end of address and user. */
  found: 4,
} as const;

export const cellCount = 9;
