/** The source as it is used: it accounts for the whole message, like a template. */
export function anchored(source: string): string {
  return `^(?:${source})$`;
}

/**
 * A regular expression of an administrator with the groups `address` and, if it likes, `user`.
 * @throws SyntaxError whose message is a sentence
 */
export function compileRegex(source: string): RegExp {
  const regex = new RegExp(anchored(source), 'd');
  if (!source.includes('(?<address>')) {
    throw new SyntaxError('has no group (?<address>…), which holds whom to blame');
  }
  return regex;
}
