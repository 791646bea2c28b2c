import type { ConfigPath, ConfigProblem } from '@remand/api';

/** A place in an rc file; line and column count from 1. */
export interface Location {
  /** As people see it: relative to the working folder when it is in there. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface LocatedProblem extends ConfigProblem {
  readonly location?: Location;
}

/** Finds the node of a path, or the nearest that exists. */
export type Locate = (path: ConfigPath, at?: 'key' | 'value') => Location | undefined;
