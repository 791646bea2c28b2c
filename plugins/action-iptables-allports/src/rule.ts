/** `-A INPUT -j x` → `-D INPUT -j x` */
export function deletion(rule: string): string {
  return `-D${rule.slice(2)}`;
}

/** `-A INPUT -j x` → `-I INPUT 1 -j x` */
export function insertion(rule: string, place = 1): string {
  const [, chain = '', rest = ''] = /^-A (\S+) (.*)$/.exec(rule) ?? [];
  return `-I ${chain} ${place} ${rest}`;
}

export function isEqual(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((rule, index) => rule === right[index]);
}
