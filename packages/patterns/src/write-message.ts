import { captureTypes } from './capture-types.ts';
import type { Capture, Expression } from './expression.ts';
import { parseTemplate } from './parse-template.ts';
import type { PatternEntry, PatternTable } from './pattern-entry.ts';
import { regexOf } from './regex-of.ts';

/** A capture, for those who write text for it. */
export interface CaptureToWrite {
  readonly name: string;
  readonly type: string;
  /** Whether the text may hold nearly anything: what the service is told by others. */
  readonly isFree: boolean;
  /** Whether the capture may be this text. */
  fits(text: string): boolean;
}

export interface MessageWriter {
  /** What to write for a capture; it must fit. */
  readonly capture: (capture: CaptureToWrite) => string;
  /** Which of so many alternatives, counted from 0; of an optional part the last is nothing. */
  readonly choose: (count: number) => number;
}

/** Writes a message as the service would: the other direction of a pattern. */
export function writeMessage(
  entry: PatternEntry,
  { parts }: Pick<PatternTable, 'parts'>,
  writer: MessageWriter,
): string {
  const write = (expression: Expression): string => {
    switch (expression.kind) {
      case 'literal':
        return expression.text;
      case 'sequence':
        return expression.of.map(write).join('');
      case 'choice': {
        // The two sorts of an address are one thing to write.
        const [first] = expression.of;
        if (first?.kind === 'capture' && first.type === 'scoped-address') return write(first);
        const chosen = expression.of[writer.choose(expression.of.length)];
        return chosen ? write(chosen) : '';
      }
      case 'capture':
        return writer.capture(toWrite(expression));
      case 'repeat':
        return '';
    }
  };
  return write(parseTemplate(entry.template, parts));
}

function toWrite(capture: Capture): CaptureToWrite {
  const { name, type } = capture;
  return {
    name,
    type,
    isFree: captureTypes[type]?.isFree === true,
    fits: (text) => wholeOf(capture).test(text),
  };
}

const wholes = new WeakMap<Capture, RegExp>();

function wholeOf(capture: Capture): RegExp {
  const known = wholes.get(capture);
  if (known) return known;
  const whole = new RegExp(`^(?:${regexOf(capture, new Set()).source})$`);
  wholes.set(capture, whole);
  return whole;
}
