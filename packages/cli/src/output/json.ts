/**
 * One JSON document in plain ASCII: what a terminal could take for commands, or show in another
 * order, is written as `\u…`, which means the same.
 */
export function jsonDocument(value: unknown): string {
  return `${ascii(JSON.stringify(value, null, 2) ?? 'null')}\n`;
}

/** The same on one line, for many that follow each other. */
export function jsonLine(value: unknown): string {
  return `${ascii(JSON.stringify(value) ?? 'null')}\n`;
}

function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
