import type { LogFields, Logger } from '@remand/api';

export interface MemoryLogger extends Logger {
  readonly lines: { readonly level: string; readonly event: string; readonly fields: LogFields }[];
}

export function memoryLogger(): MemoryLogger {
  const lines: MemoryLogger['lines'] = [];
  const at =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      void lines.push({ level, event, fields });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
