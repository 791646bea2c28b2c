import { nearestName } from '@remand/api';
import { type CaptureType, captureTypes } from './capture-types.ts';
import type { Capture, Expression } from './expression.ts';
import { TemplateError } from './template-error.ts';

const form =
  /^(?<name>[a-z][a-z0-9-]*)(?::(?<type>[a-z][a-z0-9-]*)(?<without> without (?:"[ !#-~]+"|'[ -&(-~]+')(?: or (?:"[ !#-~]+"|'[ -&(-~]+'))*)?(?: except (?<except>.+))?)?$/;

/** Reads what stands between the braces of a capture. `offset` is where they open. */
export function captureOf(inside: string, offset: number, parts: readonly string[]): Expression {
  const { name, type: given, without, except } = form.exec(inside)?.groups ?? {};
  if (name === undefined) {
    throw new TemplateError(
      offset,
      `"{${inside}}" is no capture; wanted {name:type}, {type}, {name:text without "…"} or {name:word except …|…}`,
    );
  }
  const typeName = given ?? name;
  const type = Object.hasOwn(captureTypes, typeName) ? captureTypes[typeName] : undefined;
  if (type === undefined) throw unknownType(typeName, given === undefined, offset, parts);
  if (without !== undefined && !type.isFree) {
    throw new TemplateError(offset, `"without" goes with text and word only, not with ${typeName}`);
  }
  const exceptions = except === undefined ? [] : except.split('|');
  if (typeName !== 'word' && exceptions.some((one) => !one.endsWith('*'))) {
    throw new TemplateError(
      offset,
      `"except" goes with whole words of a word; elsewhere each ends with "*", for what it must not begin with`,
    );
  }
  const capture: Capture = {
    kind: 'capture',
    name,
    type: typeName,
    is: `${type.is}${without ?? ''}`,
    of: without === undefined ? type.of : narrowed(type, without),
    except: exceptions,
  };
  return type.or ? { kind: 'choice', of: [capture, { ...capture, ...type.or }] } : capture;
}

function unknownType(
  name: string,
  isShort: boolean,
  offset: number,
  parts: readonly string[],
): TemplateError {
  const types = Object.keys(captureTypes);
  const near = nearestName(name, isShort ? [...types, ...parts] : types);
  const what = isShort ? 'no type and no part' : 'no type';
  const advice = near ? `did you mean "${near}"?` : `the types are ${types.join(', ')}`;
  const hint = isShort && !near ? `; write {${name}:TYPE}` : '';
  return new TemplateError(offset, `"${name}" is ${what}: ${advice}${hint}`);
}

function narrowed({ of }: CaptureType, without: string): Expression {
  if (of.kind !== 'repeat') return of;
  const texts = [...without.matchAll(/"([^"]+)"|'([^']+)'/g)].map(
    ([, text, other]) => text ?? other ?? '',
  );
  const characters = texts.filter((text) => text.length === 1).join('');
  const phrases = texts.filter((text) => text.length > 1);
  const set = `${of.set}${characters.replace(/[\\\]^-]/g, '\\$&')}`;
  return { ...of, set, ...(phrases.length > 0 && { without: phrases }) };
}
