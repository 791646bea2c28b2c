import type { Stopped } from './explain-pattern.ts';
import type { Capture, Expression } from './expression.ts';
import { regexOf } from './regex-of.ts';

/** Which capture of a message that would fit otherwise is one of its own exceptions. */
export function explainException(expression: Expression, message: string, start: number): Stopped {
  for (const capture of exceptional(expression)) {
    const { source, groups } = regexOf(expression, new Set([capture.name]), true);
    const loose = new RegExp(`${source}$`, 'yd');
    loose.lastIndex = start;
    const places = loose.exec(message)?.indices;
    for (const group of groups.get(capture.name) ?? []) {
      const [from, to] = places?.[group.number] ?? [];
      if (from === undefined || isTaken(capture, message.slice(from, to))) continue;
      return { reached: from, wanted: inWords(capture) };
    }
  }
  return { reached: message.length, wanted: 'another text' };
}

function isTaken(capture: Capture, text: string): boolean {
  const { source } = regexOf(capture, new Set());
  return new RegExp(`^${source}$`).test(text);
}

function inWords({ is, except }: Capture): string {
  return except.length === 0 ? is : `${is} other than ${except.join(', ')}`;
}

function exceptional(expression: Expression): readonly Capture[] {
  switch (expression.kind) {
    case 'sequence':
    case 'choice':
      return expression.of.flatMap(exceptional);
    case 'capture': {
      const { except, of } = expression;
      const isPlain = except.length === 0 && (of.kind !== 'repeat' || of.without === undefined);
      return isPlain ? [] : [expression];
    }
    default:
      return [];
  }
}
