import type { Writable } from 'node:stream';
import type { LogFields, Logger } from '@remand/api';
import winston from 'winston';
import { fallbackSink } from './fallback-sink.ts';
import { FileSink } from './file-sink.ts';
import { jsonLine, type LogEvent, type LogLevel, textLine } from './line-formats.ts';
import { type LogSink, SafeTarget } from './safe-target.ts';
import { streamSink } from './stream-sink.ts';

export interface LoggerGiven {
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  /** Written instead of stderr, which then gets only what cannot be written there. */
  readonly file?: string | undefined;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Whether a terminal may be coloured; a pipe and a file never are. */
  readonly colour: boolean;
}

/** What a reload can change of a logger. */
export type LogSettings = Pick<LoggerGiven, 'level' | 'format' | 'file'>;

export interface ClosableLogger extends Logger {
  /** Waits for what is queued, but no longer than a second a target. Later events are dropped. */
  close(): Promise<void>;
}

export interface ConfigurableLogger extends Logger {
  /** Later events are written like this. */
  configure(settings: LogSettings): void;
}

const levels = { error: 0, warn: 1, info: 2, debug: 3 };
const drainMs = 1_000;

/** A logger whose target may fail or hang without anybody noticing but the reader of the log. */
export function createLogger(given: LoggerGiven): ClosableLogger & ConfigurableLogger {
  const colour = given.colour && given.stderr.isTTY === true;
  const stderr = streamSink(given.stderr);
  const log = winston.createLogger({ levels, exitOnError: false });
  log.on('error', () => undefined);
  let plain: Line = lineOf(given.format, false);
  let file: { readonly path: string; readonly sink: LogSink } | undefined;

  const fileSink = (path: string) => {
    const onFailure = ({ message }: Error) => {
      const fields = { file: path, reason: message };
      const event = { at: new Date(), level: 'warn', event: 'log-file-failed', fields } as const;
      stderr.write(`${plain(event)}\n`);
    };
    const monotonic = () => performance.now();
    return fallbackSink(new FileSink({ path, monotonic, onFailure }), stderr);
  };
  const configure = (settings: LogSettings) => {
    if (file?.path !== settings.file) {
      const before = file?.sink;
      void before?.drain(drainMs).then(() => before.close());
      file =
        settings.file === undefined
          ? undefined
          : { path: settings.file, sink: fileSink(settings.file) };
    }
    plain = lineOf(settings.format, false);
    log.clear();
    log.level = settings.level;
    log.add(
      file ? transport(file.sink, plain) : transport(stderr, lineOf(settings.format, colour)),
    );
  };
  configure(given);

  let closed = false;
  const write = (level: LogLevel, event: string, fields: LogFields = {}) => {
    // The fields stay in an object of their own: winston would let one named `level` replace it.
    if (!closed) log.log({ level, message: event, fields, at: new Date() });
  };
  return {
    debug: (event, fields) => write('debug', event, fields),
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
    configure,
    close: async () => {
      closed = true;
      const sink = file?.sink ?? stderr;
      await sink.drain(drainMs);
      sink.close();
    },
  };
}

type Line = (event: LogEvent) => string;

function lineOf(format: 'text' | 'json', colour: boolean): Line {
  return format === 'json' ? jsonLine : (event) => textLine(event, colour);
}

function transport(sink: LogSink, line: Line) {
  const lost = (dropped: number) =>
    `${line({ at: new Date(), level: 'warn', event: 'log-lines-lost', fields: { dropped } })}\n`;
  return new winston.transports.Stream({
    stream: new SafeTarget(sink, lost),
    eol: '\n',
    format: winston.format.printf((info) =>
      line({
        at: info.at as Date,
        level: info.level as LogLevel,
        event: String(info.message),
        fields: info.fields as LogFields,
      }),
    ),
  });
}
