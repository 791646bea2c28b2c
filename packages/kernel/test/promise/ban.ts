/** A ban of the model: by a jail, by a rung, or by the administrator. */
export interface Ban {
  readonly by: 'jail' | 'rung' | 'network' | 'admin';
  readonly holder: string;
  /** Whose lists it is on; empty for those of the administrator. */
  readonly via: string;
  readonly target: string;
  readonly at: number;
  readonly until: number;
  readonly observed: boolean;
  /** It was over when it was decided. */
  readonly ended: boolean;
  /** Which one of its jail, where bans grow. */
  readonly number?: number;
  /** What a rung counted. */
  readonly counted: readonly Ban[];
  /** When somebody lifted it. */
  lifted?: number;
  /** When another of the same holder on the same lists took its place. */
  replaced?: number;
  /** A range that is not banned because of who is never banned. */
  readonly refused?: boolean;
  /** It counts for nothing. */
  mistaken?: boolean;
}
