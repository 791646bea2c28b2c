/**
 * One JSON document in plain ASCII: what a terminal could take for commands, or show in another
 * order, is written as `\u…`, which means the same.
 */
export function jsonDocument(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? 'null';
  return `${text.replace(/[\u007f-\uffff]/g, escapeUnit)}\n`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
