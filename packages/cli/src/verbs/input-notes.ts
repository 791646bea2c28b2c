import { printable } from '@remand/api';
import type { BinaryKind } from '../input/binary-kind.ts';
import type { Paint } from '../output/paint.ts';
import type { InputLook } from './read-lines.ts';

/** What people should know about their inputs, for stderr. `verb`: what they have typed. */
export function inputNotes(looks: readonly InputLook[], verb: string, paint: Paint): string {
  return looks
    .map(({ name, lines, binary }) => {
      if (binary) return note(`${name} is ${binary.what}`, howToRead(binary, verb), paint);
      if (lines > 0) return '';
      return note(`${name} is empty`, 'is it the right log, and was it rotated just now?', paint);
    })
    .join('');
}

function howToRead({ reader }: BinaryKind, verb: string): string {
  if (reader === undefined) return 'remand reads logs that are text; is it the right file?';
  return `${reader} | remand ${verb} -`;
}

function note(text: string, hint: string, paint: Paint): string {
  return `${paint('yellow', '!')} ${printable(text, 500)}\n  ${paint('dim', `→ ${printable(hint, 500)}`)}\n`;
}
