import { printable } from '@remand/api';
import type { Paint } from '../output/paint.ts';
import type { InputLook } from './read-lines.ts';

/** What people should know about their inputs, for stderr. */
export function inputNotes(looks: readonly InputLook[], paint: Paint): string {
  return looks
    .map(({ name, lines, binary }) => {
      if (binary) return note(`${name} is ${binary.what}`, binary.hint, paint);
      if (lines > 0) return '';
      return note(`${name} is empty`, 'is it the right log, and was it rotated just now?', paint);
    })
    .join('');
}

function note(text: string, hint: string, paint: Paint): string {
  return `${paint('yellow', '!')} ${printable(text, 500)}\n  ${paint('dim', `→ ${printable(hint, 500)}`)}\n`;
}
