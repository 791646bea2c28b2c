import type { LogFields, Logger } from '@remand/api';

export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields;
}

export interface MemoryLogger extends Logger {
  readonly lines: readonly LoggedLine[];
  /** The fields of each line with this event. */
  fieldsOf(event: string): readonly LogFields[];
}

/** A logger that keeps what it is given. */
export function memoryLogger(): MemoryLogger {
  const lines: LoggedLine[] = [];
  const write =
    (level: LoggedLine['level']) =>
    (event: string, fields: LogFields = {}) => {
      lines.push({ level, event, fields });
    };
  return {
    lines,
    fieldsOf: (event) => lines.filter((line) => line.event === event).map((line) => line.fields),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
}
