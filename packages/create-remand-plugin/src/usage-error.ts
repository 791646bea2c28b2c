/** The command was called in a way that does not fit. */
export class UsageError extends Error {}
