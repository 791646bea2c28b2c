/** The one need that may be missing in CI. */
export const sharedNeed = '../shared';

/** The title of the test that stands for skipped ones: `skipNote(['nft'])` → `needs nft`. */
export function skipNote(missing: readonly string[]): string {
  return `needs ${missing.join(', ')}`;
}

/** Whether a test of that title may be skipped in CI. */
export function mayBeSkipped(title: string): boolean {
  return title === skipNote([sharedNeed]);
}
