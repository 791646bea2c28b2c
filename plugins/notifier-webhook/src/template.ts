import type { Values } from './values.ts';
import { valueNames } from './values.ts';

/**
 * A body from a template, which is JSON with `{{name}}` in its strings. A string that is nothing but
 * one placeholder becomes the value itself (a number, a list, null); inside a longer one it is put
 * in as text. What is put in is not read again, and keys are left as they are.
 */
export function filled(template: unknown, values: Values): unknown {
  if (typeof template === 'string') return filledText(template, values);
  if (Array.isArray(template)) return template.map((member) => filled(member, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, member]) => [key, filled(member, values)]),
  );
}

/** Placeholders in a template that there is no value for, by their names. */
export function unknownPlaceholders(template: unknown): readonly string[] {
  if (typeof template === 'string') {
    return Array.from(template.matchAll(placeholder), ([, name = '']) => name).filter(
      (name) => !valueNames.has(name),
    );
  }
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap(unknownPlaceholders);
}

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;

function filledText(text: string, values: Values): unknown {
  const whole = /^\{\{\s*([^{}]*?)\s*\}\}$/.exec(text)?.[1];
  if (whole !== undefined) return values[whole] ?? null;
  return text.replace(placeholder, (_, name: string) => asText(values[name]));
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
